import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { renameOrganization } from '../../../domain/namespace/renameNamespace.ts'
import { RegistryError } from '../../../errors.ts'
import { organizationNamed } from '../../../store/namespaces.ts'
import { onSuperuser } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { SuperuserOrganizationView, superuserOrganizationView } from './superuserViews.ts'

const route = createRoute({
  operationId: 'changeOrganization',
  summary: 'Rename an organization',
  method: 'put',
  path: '/superuser/organizations/{name}',
  ...onSuperuser('write', { along: readOrganization }),
  request: {
    params: z.object({ name: z.string() }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ name: z.string().optional() }).openapi('RenameOrg') } },
    },
  },
  responses: {
    200: { description: 'The organization', content: { 'application/json': { schema: SuperuserOrganizationView } } },
  },
})

export const changeOrganization = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const actor = c.var.granted()
    const [[namespace]] = c.var.along
    if (!namespace) throw new RegistryError('not_found', 'no such organization')
    const { name = namespace.username } = c.req.valid('json')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    const renamed = await renameOrganization(c.env.store, { namespace, name, ...origin })
    return c.json(superuserOrganizationView(renamed, c.env.settings), 200)
  },
})

export function readOrganization({ store, param }: AccountLookup) {
  return [organizationNamed(store, param('name'))] as const
}
