import { z } from '@hono/zod-openapi'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import { parseScopes, type Scope, scopes } from '../../../domain/token/scope.ts'
import type { AssignedAuthorization, Authorization } from '../../../store/authorizations.ts'
import { AvatarView } from '../avatarView.ts'

const ScopeView = z
  .object({
    title: z.string(),
    scope: z.string(),
    description: z.string(),
    icon: z.string(),
    dangerous: z.boolean(),
  })
  .openapi('ScopeInWords')

/** A scope in words. */
export const scopeView = (scope: Scope): z.infer<typeof ScopeView> => {
  const { title, description, icon, dangerous } = scopes[scope]
  return { title, scope, description, icon, dangerous }
}

const scopeViews = (text: string) => [...(parseScopes(text) ?? [])].map(scopeView)

const ApplicationPart = z.object({
  name: z.string(),
  description: z.string(),
  url: z.string(),
  avatar: AvatarView,
  organization: z.object({ name: z.string(), avatar: AvatarView }),
})

export const AuthorizationView = z
  .object({ application: ApplicationPart, scopes: z.array(ScopeView), uuid: z.string() })
  .openapi('UserAuthorization')

export const AssignedAuthorizationView = z
  .object({
    application: ApplicationPart.extend({ clientId: z.string() }),
    uuid: z.string(),
    redirectUri: z.string(),
    scopes: z.array(ScopeView),
    responseType: z.string(),
  })
  .openapi('AssignedAuthorization')

const applicationPart = (row: Authorization | AssignedAuthorization) => ({
  name: row.name,
  description: row.description,
  url: row.applicationUri,
  avatar: avatarOf('app', row.name, row.avatarEmail ?? row.ownerEmail),
  organization: { name: row.ownerName, avatar: avatarOf('org', row.ownerName, row.ownerEmail) },
})

/** A token that the user granted an application: what it is called by and may do. */
export const authorizationView = (row: Authorization): z.infer<typeof AuthorizationView> => ({
  application: applicationPart(row),
  scopes: scopeViews(row.scope),
  uuid: row.uuid,
})

/** A token that the user is offered. */
export const assignedAuthorizationView = (row: AssignedAuthorization): z.infer<typeof AssignedAuthorizationView> => ({
  application: { ...applicationPart(row), clientId: row.clientId },
  uuid: row.uuid,
  redirectUri: row.redirectUri,
  scopes: scopeViews(row.scope),
  responseType: row.responseType,
})
