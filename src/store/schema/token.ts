import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, instant } from './columns.ts'
import { account } from './namespace.ts'

export const oauthApplication = sqliteTable(
  'oauth_application',
  {
    id: id(),
    clientId: text().notNull().unique(),
    encryptedSecret: text().notNull(),
    namespaceId: integer()
      .notNull()
      .references(() => account.id),
    name: text().notNull(),
    description: text().notNull().default(''),
    applicationUri: text().notNull().default(''),
    redirectUri: text().notNull().default(''),
    avatarEmail: text(),
  },
  (t) => [index('oauth_application_namespace').on(t.namespaceId, t.id)],
)

/** An OAuth access token. The first half of its text finds the row, a hash of the whole proves it. */
export const accessToken = sqliteTable(
  'access_token',
  {
    id: id(),
    uuid: text().notNull().unique(),
    lookup: text().notNull().unique(),
    secretHash: text().notNull(),
    applicationId: integer()
      .notNull()
      .references(() => oauthApplication.id),
    /** Who granted it, and therefore whom it speaks for. */
    accountId: integer()
      .notNull()
      .references(() => account.id),
    scope: text().notNull(),
    name: text(),
    createdById: integer(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    lastAccessedAt: instant(),
  },
  (t) => [
    index('access_token_application').on(t.applicationId, t.id),
    index('access_token_account').on(t.accountId, t.id),
  ],
)

/** A code of the authorization code grant; single use. */
export const authorizationCode = sqliteTable(
  'authorization_code',
  {
    id: id(),
    lookup: text().notNull().unique(),
    secretHash: text().notNull(),
    applicationId: integer()
      .notNull()
      .references(() => oauthApplication.id),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    scope: text().notNull(),
    redirectUri: text().notNull(),
    codeChallenge: text(),
    createdAt: instant().notNull(),
  },
  (t) => [
    index('authorization_code_application').on(t.applicationId),
    index('authorization_code_account').on(t.accountId),
    index('authorization_code_created').on(t.createdAt),
  ],
)

/** An offer to a user to grant an application a token. */
export const tokenAssignment = sqliteTable(
  'token_assignment',
  {
    id: id(),
    uuid: text().notNull().unique(),
    applicationId: integer()
      .notNull()
      .references(() => oauthApplication.id),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    redirectUri: text().notNull(),
    scope: text().notNull(),
    responseType: text().notNull(),
  },
  (t) => [index('token_assignment_account').on(t.accountId), index('token_assignment_application').on(t.applicationId)],
)

/** An app-specific token: a password for one program of one user. Its owner may look at it again, so it is encrypted. */
export const appToken = sqliteTable(
  'app_token',
  {
    id: id(),
    uuid: text().notNull().unique(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    title: text().notNull(),
    lookup: text().notNull().unique(),
    encryptedSecret: text().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant(),
    lastAccessedAt: instant(),
  },
  (t) => [
    index('app_token_account').on(t.accountId, t.id),
    index('app_token_end').on(t.expiresAt).where(sql`expires_at is not null`),
  ],
)

/** A key that signs registry tokens, or one that another service registered. Only the instance's own has a private part. */
export const serviceKey = sqliteTable(
  'service_key',
  {
    id: id(),
    kid: text().notNull().unique(),
    name: text().notNull().default(''),
    service: text().notNull(),
    publicJwk: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
    encryptedPrivateJwk: text(),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant(),
    rotationSeconds: integer(),
    approverId: integer(),
    approvalType: text(),
    approvedAt: instant(),
    approvalNotes: text().notNull().default(''),
  },
  (t) => [
    // One signing key per installation: of two isolates that both make the first, one loses.
    uniqueIndex('service_key_signing').on(t.service).where(sql`encrypted_private_jwk is not null`),
  ],
)
