import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { resetClientSecret } from '../../../domain/application/changeApplication.ts'
import { onNamespace } from '../access.ts'
import { internal } from '../features.ts'
import { ApplicationView, applicationView } from './applicationView.ts'
import { found, readApplication } from './getOrganizationApplication.ts'

const route = createRoute({
  operationId: 'resetOrganizationApplicationClientSecret',
  summary: 'Give an OAuth application another secret',
  method: 'post',
  path: '/organization/{orgname}/applications/{client_id}/resetclientsecret',
  ...internal,
  ...onNamespace('admin', { along: readApplication, scope: null }),
  request: { params: z.object({ orgname: z.string(), client_id: z.string() }) },
  responses: {
    200: { description: 'The application', content: { 'application/json': { schema: ApplicationView } } },
  },
})

export const resetOrganizationApplicationClientSecret = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, vault } = c.env
    const { actor } = c.var.granted()
    const application = found(c.var.along[0])
    const reset = await resetClientSecret(store, { application, vault, actor, ip: c.var.ip, now: c.env.now() })
    return c.json(await applicationView(reset, vault, true), 200)
  },
})
