import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { type Application, applicationIn } from '../../../store/applications.ts'
import { type NamespaceLookup, onNamespace } from '../access.ts'
import { ApplicationView, applicationView } from './applicationView.ts'

const route = createRoute({
  operationId: 'getOrganizationApplication',
  summary: 'An OAuth application of an organization',
  method: 'get',
  path: '/organization/{orgname}/applications/{client_id}',
  ...onNamespace('admin', { readOnlySuperuserMayLook: true, along: readApplication }),
  request: { params: z.object({ orgname: z.string(), client_id: z.string() }) },
  responses: {
    200: { description: 'The application', content: { 'application/json': { schema: ApplicationView } } },
  },
})

export const getOrganizationApplication = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { authority } = c.var.granted()
    const application = found(c.var.along[0])
    return c.json(await applicationView(application, c.env.vault, authority.namespaceRank === 3), 200)
  },
})

/** The path's application, if it is the organization's own. */
export function readApplication({ store, namespaceId, param }: NamespaceLookup) {
  return [applicationIn(store, namespaceId, param('client_id'))] as const
}

/** @throws 404 where there is none */
export function found([application]: readonly Application[]): Application {
  if (!application) throw new RegistryError('not_found', 'no such application')
  return application
}
