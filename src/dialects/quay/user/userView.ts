import { z } from '@hono/zod-openapi'
import { type Account, type Actor, hasFullAccess } from '../../../domain/actor.ts'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import { teamCap, teamRank, userCap } from '../../../domain/token/scope.ts'
import type { Settings } from '../../../settings.ts'
import type { OrganizationOfUser } from '../../../store/namespaces.ts'
import { AvatarView } from '../avatarView.ts'
import { QuotaPart, quotaPart } from '../quotaView.ts'

const OrganizationOfUserView = z
  .object({
    name: z.string(),
    avatar: AvatarView,
    can_create_repo: z.boolean(),
    public: z.boolean(),
    is_org_admin: z.boolean().optional(),
    preferred_namespace: z.boolean().optional(),
  })
  .openapi('OrganizationOfUser')

export const UserView = z
  .object({
    anonymous: z.literal(false),
    username: z.string(),
    avatar: AvatarView,
    can_create_repo: z.boolean().optional(),
    is_me: z.boolean().optional(),
    verified: z.boolean().optional(),
    email: z.string().optional(),
    logins: z
      .array(z.object({ service: z.string(), service_identifier: z.string(), metadata: z.unknown() }))
      .optional(),
    invoice_email: z.boolean().optional(),
    invoice_email_address: z.string().nullable().optional(),
    preferred_namespace: z.boolean().optional(),
    tag_expiration_s: z.int().optional(),
    prompts: z.array(z.string()).optional(),
    company: z.string().nullable().optional(),
    family_name: z.string().nullable().optional(),
    given_name: z.string().nullable().optional(),
    location: z.string().nullable().optional(),
    is_free_account: z.boolean().optional(),
    has_password_set: z.boolean().optional(),
    ...QuotaPart,
    organizations: z.array(OrganizationOfUserView).optional(),
    super_user: z.boolean().optional(),
    global_readonly_super_user: z.boolean().optional(),
  })
  .openapi('User')

/** A user as the actor may see it: the private part is for a session or token that may administer the account. */
export function userView(
  user: Account,
  actor: Actor | undefined,
  organizations: readonly OrganizationOfUser[],
  settings: Settings,
): z.infer<typeof UserView> {
  const isSelf = actor?.account.id === user.id
  const cap = isSelf ? userCap(actor.scopes) : 0
  return {
    anonymous: false,
    username: user.username,
    avatar: avatarOf('user', user.username, user.email),
    ...(cap === 3 && { ...privatePart(user), ...quotaPart(settings) }),
    ...(isSelf && cap > 0 && { organizations: organizations.map((row) => organizationOfUser(row, actor, settings)) }),
    ...(actor?.isSuperuser && { super_user: isSelf }),
    ...(actor?.isReadOnlySuperuser && { global_readonly_super_user: isSelf }),
  }
}

const privatePart = (user: Account) => ({
  can_create_repo: true,
  is_me: true,
  verified: user.verified,
  email: user.email,
  logins: [],
  invoice_email: user.invoiceEmail,
  invoice_email_address: user.invoiceEmailAddress,
  preferred_namespace: false,
  tag_expiration_s: user.tagExpirationSeconds,
  prompts: [],
  company: user.company,
  family_name: user.familyName,
  given_name: user.givenName,
  location: user.location,
  is_free_account: true,
  has_password_set: user.passwordHash !== null,
})

function organizationOfUser({ username, email, rank }: OrganizationOfUser, actor: Actor, settings: Settings) {
  const held = hasFullAccess(actor, settings) ? 3 : Math.min(rank, teamCap(actor.scopes))
  return {
    name: username,
    avatar: avatarOf('org', username, email),
    can_create_repo: held >= teamRank('creator'),
    public: settings.PUBLIC_NAMESPACES.includes(username),
    ...(userCap(actor.scopes) === 3 && { is_org_admin: held >= teamRank('admin'), preferred_namespace: false }),
  }
}
