import { and, eq } from 'drizzle-orm'
import { authorizedEmail } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

/** What a repository knows of an address: whether its owner agreed to get the repository's mail. */
export const authorizedEmailOf = (store: Store, repositoryId: RepositoryId, email: string) =>
  store
    .select()
    .from(authorizedEmail)
    .where(and(eq(authorizedEmail.repositoryId, repositoryId), eq(authorizedEmail.email, email)))
