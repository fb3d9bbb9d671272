import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { teamRank } from '../../../domain/token/scope.ts'
import { RegistryError } from '../../../errors.ts'
import { invitesInto, membersOfTeam, teamIdNamed, teamNamed, teamsOfMember } from '../../../store/teams.ts'
import { onNamespace, refuse } from '../access.ts'
import { queryFlag } from '../validation.ts'
import { InviteView, inviteView, MemberView, memberView } from './teamView.ts'

const route = createRoute({
  operationId: 'getOrganizationTeamMembers',
  summary: 'The members of a team, to them and to the administrators',
  method: 'get',
  path: '/organization/{orgname}/team/{teamname}/members',
  ...onNamespace('member', {
    kind: 'any',
    readOnlySuperuserMayLook: true,
    along: ({ store, param, query, namespaceId, accountId }) => {
      const teamId = teamIdNamed(namespaceId, param('teamname'))
      return [
        teamNamed(store, namespaceId, param('teamname')),
        teamsOfMember(store, namespaceId, accountId),
        membersOfTeam(store, teamId),
        ...(query('includePending') ? [invitesInto(store, teamId)] : []),
      ] as const
    },
  }),
  request: {
    params: z.object({ orgname: z.string(), teamname: z.string() }),
    query: z.object({ includePending: queryFlag(false, 'Also who is invited') }),
  },
  responses: {
    200: {
      description: 'The members',
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string(),
              members: z.array(z.union([MemberView, InviteView])),
              can_edit: z.boolean(),
            })
            .openapi('TeamMembers'),
        },
      },
    },
  },
})

export const getOrganizationTeamMembers = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { authority, actor } = c.var.granted()
    const [[team], ofCaller, members, invites = []] = c.var.along
    const canEdit = authority.namespaceRank === teamRank('admin')
    const isIn = team !== undefined && ofCaller.some(({ id }) => id === team.id)
    if (!isIn && !canEdit && !authority.readsEverything) refuse(actor)
    if (!team) throw new RegistryError('not_found', 'no such team')
    const pending = canEdit && c.req.valid('query').includePending ? invites : []
    const invited = pending.map(({ account, email }) =>
      account.id === null
        ? inviteView(email ?? '')
        : memberView(
            { kind: account.kind ?? 'user', username: account.username ?? '', email: account.email ?? '' },
            true,
          ),
    )
    return c.json(
      {
        name: team.name,
        members: [...members.map((member) => memberView(member, false)), ...invited],
        can_edit: canEdit,
      },
      200,
    )
  },
})
