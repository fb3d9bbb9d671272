import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { type RepositoryPath, repositoryIdOf } from './rights.ts'
import { account, repository, star } from './schema.ts'
import type { Store } from './store.ts'

/** The repositories that an account starred, in the order of their ids. One more row than `limit` where there are more. */
export const starsPage = (store: Store, accountId: SQL<number | null>, afterId: number, limit: number) =>
  store
    .select({
      id: repository.id,
      name: repository.name,
      description: repository.description,
      isPublic: repository.isPublic,
      namespace: sql<string>`${account.username}`.as('namespace'),
    })
    .from(star)
    .innerJoin(repository, eq(repository.id, star.repositoryId))
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(and(eq(star.accountId, accountId), gt(repository.id, afterId), isNull(repository.deletedAt)))
    .orderBy(asc(repository.id))
    .limit(limit + 1)

export const insertStar = (store: Store, accountId: number, repositoryId: number, createdAt: Date) =>
  store.insert(star).values({ accountId, repositoryId, createdAt }).onConflictDoNothing()

export const deleteStarOf = (store: Store, accountId: number, repositoryId: RowId) =>
  store.delete(star).where(and(eq(star.accountId, accountId), eq(star.repositoryId, repositoryId)))

/** Whether there is a repository of that name. */
export const repositoryAt = (store: Store, path: RepositoryPath) =>
  store
    .select({ id: repository.id })
    .from(repository)
    .where(eq(repository.id, repositoryIdOf(path)))
