import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { weighRights } from '../../../domain/grant/authorize.ts'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import { RegistryError } from '../../../errors.ts'
import { applicationFor } from '../../../store/applications.ts'
import { openToAll } from '../access.ts'
import { AvatarView } from '../avatarView.ts'
import { OrganizationView, organizationView } from '../organization/organizationView.ts'

const route = createRoute({
  operationId: 'getApplicationInformation',
  summary: 'What anybody may know of an OAuth application',
  method: 'get',
  path: '/app/{client_id}',
  ...openToAll({
    along: ({ store, accountId, param }) => [applicationFor(store, param('client_id'), accountId)] as const,
  }),
  request: { params: z.object({ client_id: z.string() }) },
  responses: {
    200: {
      description: 'The application',
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string(),
              description: z.string(),
              uri: z.string(),
              avatar: AvatarView,
              organization: OrganizationView,
            })
            .openapi('ApplicationInformation'),
        },
      },
    },
  },
})

export const getApplicationInformation = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { settings } = c.env
    const [[row]] = c.var.along
    if (!row) throw new RegistryError('not_found', 'no such application')
    const { application, owner, rank } = row
    const rights = { namespace: owner, repository: undefined, teamRank: rank, grantRank: 0, changesAt: undefined }
    const authority = weighRights(c.var.actor, rights, settings)
    const view = {
      name: application.name,
      description: application.description,
      uri: application.applicationUri,
      avatar: avatarOf('app', application.name, application.avatarEmail ?? owner.email),
      organization: { ...organizationView(owner, authority, [], settings), teams: {}, ordered_teams: [] },
    }
    return c.json(view, 200)
  },
})
