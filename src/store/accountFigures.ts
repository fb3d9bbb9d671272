import { and, isNull, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { reachedBy } from './repositorySummaries.ts'
import { repository } from './schema.ts'
import type { Store } from './store.ts'

/** What an account reaches in all: repositories, their live tags, their bytes. */
export const reachedFigures = (store: Store, accountId: RowId, now: Date) =>
  store
    .select({
      repositories: sql<number>`count(*)`.as('repositories'),
      tags: sql<number>`coalesce(sum(tag_count - (
        select count(*) from tag t where t.repository_id = repository.id
          and t.expires_at is not null and t.expires_at <= ${now.getTime()})), 0)`.as('tags'),
      bytes: sql<number>`coalesce(sum(size_bytes), 0)`.as('bytes'),
      pulls: sql<number>`coalesce(sum(pull_count), 0)`.as('pulls'),
    })
    .from(repository)
    .where(and(isNull(repository.deletedAt), reachedBy(accountId)))
