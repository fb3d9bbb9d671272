import { and, eq } from 'drizzle-orm'
import type { Repository } from '../../store/rights.ts'
import { authorizedEmail } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { randomText } from '../token/secret.ts'

/** Asks the owner of an address whether it may get a repository's mail; asked again, the first question stands. */
export async function authorizeEmail(
  store: Store,
  repository: Repository,
  email: string,
): Promise<{ confirmed: boolean }> {
  const [, [row]] = await store.batch([
    store
      .insert(authorizedEmail)
      .values({ repositoryId: repository.id, email, code: randomText(40) })
      .onConflictDoNothing(),
    store
      .select({ confirmed: authorizedEmail.confirmed })
      .from(authorizedEmail)
      .where(and(eq(authorizedEmail.repositoryId, repository.id), eq(authorizedEmail.email, email))),
  ])
  return { confirmed: row?.confirmed ?? false }
}
