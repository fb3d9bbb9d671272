import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { accessToken, account, accountNotice, oauthApplication, tokenAssignment } from './schema.ts'
import type { Store } from './store.ts'

const ofApplication = {
  name: sql<string>`${oauthApplication.name}`.as('application_name'),
  description: oauthApplication.description,
  applicationUri: oauthApplication.applicationUri,
  avatarEmail: oauthApplication.avatarEmail,
  ownerName: sql<string>`${account.username}`.as('owner_name'),
  ownerEmail: sql<string>`${account.email}`.as('owner_email'),
}

/** The tokens that an account has granted, run out or not; one of them, where a uuid is given. */
export const authorizationsOf = (store: Store, accountId: SQL<number | null>, uuid?: string) =>
  store
    .select({
      id: accessToken.id,
      uuid: accessToken.uuid,
      scope: accessToken.scope,
      clientId: oauthApplication.clientId,
      ...ofApplication,
    })
    .from(accessToken)
    .innerJoin(oauthApplication, eq(oauthApplication.id, accessToken.applicationId))
    .innerJoin(account, eq(account.id, oauthApplication.namespaceId))
    .where(and(eq(accessToken.accountId, accountId), uuid === undefined ? undefined : eq(accessToken.uuid, uuid)))
    .orderBy(asc(accessToken.id))

export type Authorization = Awaited<ReturnType<typeof authorizationsOf>>[number]

export const deleteAuthorization = (store: Store, id: number) => store.delete(accessToken).where(eq(accessToken.id, id))

/** The tokens that an account is offered. */
export const assignedTo = (store: Store, accountId: SQL<number | null>, uuid?: string) =>
  store
    .select({
      id: tokenAssignment.id,
      uuid: tokenAssignment.uuid,
      redirectUri: tokenAssignment.redirectUri,
      scope: tokenAssignment.scope,
      responseType: tokenAssignment.responseType,
      clientId: oauthApplication.clientId,
      ...ofApplication,
    })
    .from(tokenAssignment)
    .innerJoin(oauthApplication, eq(oauthApplication.id, tokenAssignment.applicationId))
    .innerJoin(account, eq(account.id, oauthApplication.namespaceId))
    .where(
      and(eq(tokenAssignment.accountId, accountId), uuid === undefined ? undefined : eq(tokenAssignment.uuid, uuid)),
    )
    .orderBy(asc(tokenAssignment.id))

export type AssignedAuthorization = Awaited<ReturnType<typeof assignedTo>>[number]

export const deleteAssignment = (store: Store, id: number) =>
  store.delete(tokenAssignment).where(eq(tokenAssignment.id, id))

/** Who looks at the offers has read the notices of them. */
export const deleteOfferNotices = (store: Store, accountId: number) =>
  store
    .delete(accountNotice)
    .where(and(eq(accountNotice.accountId, accountId), eq(accountNotice.kind, 'assigned_authorization')))
