import { and, eq, isNull, or } from 'drizzle-orm'
import { immutabilityPolicy } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

/** The immutability rules that hold in a repository: its own, and its namespace's. */
export const immutabilityRules = (store: Store, namespaceId: RepositoryId, repositoryId: RepositoryId) =>
  store
    .select({ pattern: immutabilityPolicy.pattern, matches: immutabilityPolicy.matches })
    .from(immutabilityPolicy)
    .where(
      and(
        eq(immutabilityPolicy.namespaceId, namespaceId),
        or(isNull(immutabilityPolicy.repositoryId), eq(immutabilityPolicy.repositoryId, repositoryId)),
      ),
    )
