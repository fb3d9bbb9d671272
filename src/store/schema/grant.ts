import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id } from './columns.ts'
import { account, team } from './namespace.ts'
import { repository } from './repository.ts'

/** A role on a repository, of an account (user or robot) or of a team. Role ranks: 1 read, 2 write, 3 admin. */
export const repositoryGrant = sqliteTable(
  'repository_grant',
  {
    id: id(),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    accountId: integer().references(() => account.id),
    teamId: integer().references(() => team.id),
    role: integer().notNull(),
  },
  (t) => [
    uniqueIndex('repository_grant_account').on(t.repositoryId, t.accountId).where(sql`account_id is not null`),
    uniqueIndex('repository_grant_team').on(t.repositoryId, t.teamId).where(sql`team_id is not null`),
    index('repository_grant_of_account').on(t.accountId, t.repositoryId).where(sql`account_id is not null`),
    index('repository_grant_of_team').on(t.teamId, t.repositoryId).where(sql`team_id is not null`),
  ],
)

/** A default permission: what a new repository of the organization grants from the start. Quay calls it a prototype. */
export const defaultGrant = sqliteTable(
  'default_grant',
  {
    id: id(),
    uuid: text().notNull().unique(),
    organizationId: integer()
      .notNull()
      .references(() => account.id),
    /** Applies to repositories that this account creates; to everybody's where null. */
    activatingAccountId: integer().references(() => account.id),
    delegateAccountId: integer().references(() => account.id),
    delegateTeamId: integer().references(() => team.id),
    role: integer().notNull(),
  },
  (t) => [
    index('default_grant_organization').on(t.organizationId, t.id),
    index('default_grant_team').on(t.delegateTeamId),
    index('default_grant_account').on(t.delegateAccountId),
    index('default_grant_activating').on(t.activatingAccountId),
  ],
)
