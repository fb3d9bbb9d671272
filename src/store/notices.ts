import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { account, accountNotice } from './schema.ts'
import type { Store } from './store.ts'

const columns = {
  uuid: accountNotice.uuid,
  kind: accountNotice.kind,
  metadata: accountNotice.metadata,
  dismissed: accountNotice.dismissed,
  createdAt: accountNotice.createdAt,
  organization: sql<string | null>`case when ${account.kind} = 'organization' then ${account.username} end`.as(
    'organization',
  ),
}

/** For an account itself, or for an organization that it administers. */
const isFor = (accountId: SQL<number | null>) => sql`(
  ${accountNotice.accountId} = ${accountId} or ${accountNotice.accountId} in (
    select t.organization_id from team_member m join team t on t.id = m.team_id
    where m.account_id = ${accountId} and t.role = 3))`

/** What an account has not dismissed, newest first. One more row than `limit` where there are more. */
export const noticesPage = (store: Store, accountId: SQL<number | null>, limit: number, offset: number) =>
  store
    .select(columns)
    .from(accountNotice)
    .innerJoin(account, eq(account.id, accountNotice.accountId))
    .where(and(isFor(accountId), eq(accountNotice.dismissed, false)))
    .orderBy(desc(accountNotice.id))
    .limit(limit + 1)
    .offset(offset)

export const noticeNamed = (store: Store, accountId: SQL<number | null>, uuid: string) =>
  store
    .select(columns)
    .from(accountNotice)
    .innerJoin(account, eq(account.id, accountNotice.accountId))
    .where(and(isFor(accountId), eq(accountNotice.uuid, uuid)))

export type Notice = Awaited<ReturnType<typeof noticesPage>>[number]

export const dismissNotice = (store: Store, uuid: string, dismissed: boolean) =>
  store.update(accountNotice).set({ dismissed }).where(eq(accountNotice.uuid, uuid))
