import type { SQL } from 'drizzle-orm'
import { reusable } from '../../store/reusable.ts'
import { event } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'

/** Who did it and from where: what every line of the audit log has. */
export interface Origin {
  actor: Actor | undefined
  ip: string | undefined
  now: Date
}

export interface EventDetails {
  kind: string
  namespaceId: number | SQL<number> | null
  repositoryId?: number | SQL<number> | null
  metadata?: Record<string, unknown>
}

/** The line of the audit log that belongs to a change: put it in the change's own batch. */
export function recordEvent(store: Store, { actor, ip, now }: Origin, details: EventDetails) {
  const { kind, namespaceId, repositoryId = null, metadata = {} } = details
  return eventRow(store, {
    kind,
    namespaceId,
    repositoryId,
    performerId: actor?.account.id ?? null,
    ip: ip ?? null,
    at: now,
    metadata: JSON.stringify({ ...metadata, ...throughToken(actor) }),
  })
}

/** Which OAuth token spoke for the actor, where one did. */
export const throughToken = (actor: Actor | undefined) =>
  actor?.token && {
    oauth_token_id: actor.token.id,
    oauth_token_application_id: actor.token.clientId,
    oauth_token_application: actor.token.application,
  }

interface EventRow extends Pick<EventDetails, 'kind' | 'namespaceId'> {
  repositoryId: number | SQL<number> | null
  performerId: number | null
  ip: string | null
  at: Date
  metadata: string
}

const eventRow = reusable(
  (row: EventRow) => ({ ...row }),
  (store, row) => store.insert(event).values(row),
)
