import { z } from '@hono/zod-openapi'
import { AvatarView, accountAvatar, teamAvatar } from '../avatarView.ts'

const MemberTeam = z.object({ name: z.string(), avatar: AvatarView })

export const OrganizationMember = z
  .object({
    name: z.string(),
    kind: z.enum(['user', 'robot']),
    avatar: AvatarView,
    teams: z.array(MemberTeam),
    repositories: z.array(z.string()),
  })
  .openapi('OrganizationMember')

export const Collaborator = z
  .object({ kind: z.literal('user'), name: z.string(), avatar: AvatarView, repositories: z.array(z.string()) })
  .openapi('Collaborator')

interface Person {
  id: number
  kind: 'user' | 'organization' | 'robot'
  username: string
  email: string
}
type InTeam = Person & { team: { name: string | null } }
type WithGrant = Person & { repository: { name: string } }

/** Everybody who is in a team, with the repositories on which they have a grant of their own. */
export function memberViews(
  memberships: readonly InTeam[],
  grants: readonly WithGrant[],
): z.infer<typeof OrganizationMember>[] {
  const repositories = repositoriesById(grants)
  return [...Map.groupBy(memberships, ({ id }) => id)].flatMap(([id, rows]) =>
    rows.slice(0, 1).map((person) => ({
      name: person.username,
      kind: person.kind === 'robot' ? ('robot' as const) : ('user' as const),
      avatar: accountAvatar(person),
      teams: rows.flatMap(({ team: { name } }) => (name === null ? [] : [{ name, avatar: teamAvatar(name) }])),
      repositories: repositories.get(id) ?? [],
    })),
  )
}

export function collaboratorViews(grants: readonly WithGrant[]): z.infer<typeof Collaborator>[] {
  const people = new Map(grants.map((grant) => [grant.id, grant]))
  return [...repositoriesById(grants)].map(([id, repositories]) => {
    const person = people.get(id) as WithGrant
    return { kind: 'user', name: person.username, avatar: accountAvatar(person), repositories }
  })
}

const repositoriesById = (grants: readonly WithGrant[]) =>
  new Map(
    [...Map.groupBy(grants, ({ id }) => id)].map(([id, rows]) => [id, rows.map(({ repository }) => repository.name)]),
  )
