import { z } from '@hono/zod-openapi'
import { RE2JS } from 're2js'
import type { TriggerRow } from '../../../store/triggers.ts'
import { rfc3339 } from '../dates.ts'

/** A boolean, written as text. */
const Switch = z.enum(['true', 'false'])
const Text = z.string().max(512)

const members = {
  name: z.string().min(1).max(64),
  trigger_type: z.enum(['all', 'tag', 'regular']),
  condition: Text,
  action: z.literal('update'),
  app_type: z.enum(['deployments', 'statefulsets']),
  application: Text,
  cluster_ns: Text,
  enable: Switch,
  trigger_mode: z.enum(['cce', 'cci']).default('cce'),
  cluster_id: Text.default(''),
  cluster_name: Text.default(''),
  container: Text.default(''),
}

export const NewTrigger = z
  .object(members)
  .refine(({ trigger_type: type, condition }) => type !== 'all' || condition === '.*', {
    path: ['condition'],
    message: 'expected .* for all tags',
  })
  .refine(({ trigger_type: type, condition }) => type !== 'regular' || isExpression(condition), {
    path: ['condition'],
    message: 'expected a regular expression',
  })
  .openapi('SwrNewTrigger')

export const TriggerSwitch = z.object({ enable: Switch }).openapi('SwrTriggerSwitch')

export const TriggerView = z
  .object({
    ...Object.fromEntries(Object.keys(members).map((name) => [name, z.string()])),
    created_at: z.string(),
    creator_name: z.string(),
    trigger_history: z.array(z.record(z.string(), z.string())),
  })
  .openapi('SwrTrigger')

function isExpression(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    return false
  }
}

export const triggerView = ({ settings, createdAt, creatorName }: TriggerRow): z.infer<typeof TriggerView> => ({
  ...settings,
  created_at: rfc3339(createdAt),
  creator_name: creatorName,
  trigger_history: [],
})
