import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flag, id, instant } from './columns.ts'

/** A user, an organization or a robot: one row each, in one space of names. Users and organizations are namespaces. */
export const account = sqliteTable(
  'account',
  {
    id: id(),
    /** Changes when every session of the account has to end. */
    uuid: text().notNull().unique(),
    kind: text({ enum: ['user', 'organization', 'robot'] }).notNull(),
    username: text().notNull().unique(),
    /** A random uuid where the owner gave none; avatars are derived from it. */
    email: text().notNull(),
    enabled: flag().notNull().default(true),
    verified: flag().notNull().default(false),
    passwordHash: text(),
    failedLogins: integer().notNull().default(0),
    failedLoginAt: instant(),
    tagExpirationSeconds: integer().notNull(),
    invoiceEmail: flag().notNull().default(false),
    invoiceEmailAddress: text(),
    givenName: text(),
    familyName: text(),
    company: text(),
    location: text(),
    /** Of a robot: the namespace it belongs to, and its encrypted token. */
    ownerId: integer(),
    encryptedToken: text(),
    description: text().notNull().default(''),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    federation: text({ mode: 'json' }).$type<{ issuer: string; subject: string }[]>(),
    createdAt: instant().notNull(),
    lastAccessedAt: instant(),
    /** The name it had before it was marked for deletion; that name stays taken until the row is gone. */
    deletedName: text(),
    /** 32 hex characters, the account's identifier in the SWR dialect. */
    swrId: text().notNull(),
    swrCreatorId: integer(),
  },
  (t) => [
    uniqueIndex('account_email').on(t.email).where(sql`kind = 'user'`),
    index('account_organization_email').on(t.email).where(sql`kind = 'organization'`),
    uniqueIndex('account_deleted_name').on(t.deletedName).where(sql`deleted_name is not null`),
    index('account_owner').on(t.ownerId).where(sql`owner_id is not null`),
    uniqueIndex('account_swr_id').on(t.swrId),
    index('account_kind').on(t.kind, t.id),
    index('account_user_name').on(t.username).where(sql`kind = 'user'`),
  ],
)

/** Rank of a team's role on its organization: 1 member, 2 creator, 3 admin. */
export const team = sqliteTable(
  'team',
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => account.id),
    name: text().notNull(),
    role: integer().notNull(),
    description: text().notNull().default(''),
  },
  (t) => [uniqueIndex('team_name').on(t.organizationId, t.name)],
)

export const teamMember = sqliteTable(
  'team_member',
  {
    accountId: integer()
      .notNull()
      .references(() => account.id),
    teamId: integer()
      .notNull()
      .references(() => team.id),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.teamId] }), index('team_member_team').on(t.teamId)],
)

/** An invitation into a team, of an account or of an e-mail address. */
export const teamInvite = sqliteTable(
  'team_invite',
  {
    id: id(),
    teamId: integer()
      .notNull()
      .references(() => team.id),
    accountId: integer().references(() => account.id),
    email: text(),
    inviterId: integer()
      .notNull()
      .references(() => account.id),
    token: text().notNull().unique(),
  },
  (t) => [index('team_invite_team').on(t.teamId), index('team_invite_account').on(t.accountId)],
)

/** A message to an account in the web console (Quay's "notification", not the repository kind). */
export const accountNotice = sqliteTable(
  'account_notice',
  {
    id: id(),
    uuid: text().notNull().unique(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    kind: text().notNull(),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    dismissed: flag().notNull().default(false),
    lookupPath: text(),
    createdAt: instant().notNull(),
  },
  (t) => [index('account_notice_account').on(t.accountId, t.id)],
)
