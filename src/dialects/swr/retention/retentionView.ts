import { z } from '@hono/zod-openapi'
import type { RetentionRow } from '../../../store/retentions.ts'

/** The values of `params` are numbers written as text. */
const Count = z.string().regex(/^[1-9]\d{0,5}$/)
const Selector = z.object({ kind: z.enum(['label', 'regexp']), pattern: z.string().max(512) })

const Rule = z.discriminatedUnion('template', [
  z.object({
    template: z.literal('date_rule'),
    params: z.object({ days: Count }),
    tag_selectors: z.array(Selector).max(100).default([]),
  }),
  z.object({
    template: z.literal('tag_rule'),
    params: z.object({ num: Count }),
    tag_selectors: z.array(Selector).max(100).default([]),
  }),
])

export const RetentionPolicy = z
  .object({ algorithm: z.literal('or'), rules: z.array(Rule).min(1).max(10) })
  .openapi('SwrRetentionPolicy')

export const RetentionView = z
  .object({ algorithm: z.string(), id: z.int(), rules: z.array(z.record(z.string(), z.unknown())), scope: z.string() })
  .openapi('SwrRetention')

export const retentionView = ({ algorithm, id, rules }: RetentionRow): z.infer<typeof RetentionView> => ({
  algorithm,
  id,
  rules,
  scope: '',
})

export const RetentionLogView = z
  .object({
    created_at: z.string(),
    id: z.int(),
    namespace: z.string(),
    repo: z.string(),
    retention_id: z.int(),
    rule_type: z.string(),
    tag: z.string(),
  })
  .openapi('SwrRetentionLog')
