import { asc, sql } from 'drizzle-orm'
import type { Store } from './store.ts'

const path = sql<string>`(n.username || '/' || r.name)`

/** `namespace/name` of what an account holds rights on: its own, its organizations' as an admin, and what it was granted. */
export const catalogPage = (store: Store, accountId: number, after: string, limit: number) =>
  store
    .select({ path: path.as('path') })
    .from(sql`(
      select r.id from repository r where r.namespace_id = ${accountId}
      union
      select r.id from team_member m join team t on t.id = m.team_id and t.role = 3
      join repository r on r.namespace_id = t.organization_id where m.account_id = ${accountId}
      union
      select g.repository_id from repository_grant g where g.account_id = ${accountId}
      union
      select g.repository_id from team_member m join repository_grant g on g.team_id = m.team_id
      where m.account_id = ${accountId}) held
      join repository r on r.id = held.id and r.deleted_at is null
      join account n on n.id = r.namespace_id and n.enabled = 1`)
    .where(sql`${path} > ${after}`)
    .orderBy(asc(path))
    .limit(limit)
