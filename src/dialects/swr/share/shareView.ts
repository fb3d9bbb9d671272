import { z } from '@hono/zod-openapi'
import type { ShareRow } from '../../../store/shares.ts'
import { rfc3339 } from '../dates.ts'
import { withCode } from '../validation.ts'

const dayMilliseconds = 86_400_000

/** An RFC 3339 time, of which the day counts, or `forever`. */
const Deadline = z
  .string()
  .refine(
    (text) => text === 'forever' || !Number.isNaN(endOf(text)?.getTime() ?? Number.NaN),
    withCode('4000014', 'expected an RFC 3339 time or `forever`'),
  )

/** The first instant after the day of the deadline, in UTC; undefined for one that never comes. */
export function endOf(deadline: string): Date | undefined {
  if (deadline === 'forever') return undefined
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(deadline)
  const at = isTime ? Date.parse(deadline) : Number.NaN
  return new Date(Math.floor(at / dayMilliseconds) * dayMilliseconds + dayMilliseconds)
}

const terms = { permit: z.literal('read'), deadline: Deadline, description: z.string().max(30_000).optional() }
export const NewShare = z.object({ access_domain: z.string().min(1).max(255), ...terms }).openapi('SwrNewShare')
export const ShareTerms = z.object(terms).openapi('SwrShareTerms')

const members = {
  namespace: z.string(),
  repository: z.string(),
  access_domain: z.string(),
  permit: z.string(),
  deadline: z.string(),
  description: z.string(),
  creator_id: z.string(),
  creator_name: z.string(),
  created: z.string(),
  updated: z.string(),
  status: z.boolean().openapi({ description: 'Whether the deadline has yet to pass' }),
}
export const ShareView = z.object(members).openapi('SwrShare')
export const ShownShareView = z.object({ exist: z.boolean(), ...members }).openapi('SwrShownShare')

export const shareView = (
  row: ShareRow,
  { namespace, repository, now }: { namespace: string; repository: string; now: Date },
): z.infer<typeof ShareView> => ({
  namespace,
  repository,
  access_domain: row.accessDomain,
  permit: 'read',
  deadline: row.deadline,
  description: row.description,
  creator_id: row.creatorSwrId ?? '',
  creator_name: row.creatorName ?? '',
  created: rfc3339(row.createdAt),
  updated: rfc3339(row.updatedAt),
  status: row.endsAt === null || row.endsAt > now,
})

/** What is said of an account with which nothing is shared: clients look at `exist`. */
export const noShareView: z.infer<typeof ShownShareView> = {
  exist: false,
  namespace: '',
  repository: '',
  access_domain: '',
  permit: '',
  deadline: '',
  description: '',
  creator_id: '',
  creator_name: '',
  created: '',
  updated: '',
  status: false,
}
