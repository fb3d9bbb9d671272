import { and, asc, eq, isNull, or } from 'drizzle-orm'
import { defaultGrant } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

/** The default permissions that apply to a repository which this account creates in the namespace, in order. */
export const defaultGrantsFor = (store: Store, namespaceId: RepositoryId, creatorId: RepositoryId) =>
  store
    .select()
    .from(defaultGrant)
    .where(
      and(
        eq(defaultGrant.organizationId, namespaceId),
        or(isNull(defaultGrant.activatingAccountId), eq(defaultGrant.activatingAccountId, creatorId)),
      ),
    )
    .orderBy(asc(defaultGrant.id))

export type DefaultGrant = Awaited<ReturnType<typeof defaultGrantsFor>>[number]
