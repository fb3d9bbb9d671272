import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { takeOwnership as take } from '../../../domain/namespace/takeOwnership.ts'
import { RegistryError } from '../../../errors.ts'
import { organizationNamed, userNamed } from '../../../store/namespaces.ts'
import { forgetAll, onSuperuser } from '../access.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'takeOwnership',
  summary: 'Become an admin of an organization, or make a user an organization of which one is',
  method: 'post',
  path: '/superuser/takeownership/{namespace}',
  ...internal,
  ...onSuperuser('write', {
    along: ({ store, param }) =>
      [organizationNamed(store, param('namespace')), userNamed(store, param('namespace'))] as const,
  }),
  request: { params: z.object({ namespace: z.string() }) },
  responses: {
    200: {
      description: 'Taken',
      content: { 'application/json': { schema: z.object({ namespace: z.string() }).openapi('Ownership') } },
    },
  },
})

export const takeOwnership = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const actor = c.var.granted()
    const [[organization], [user]] = c.var.along
    const namespace = organization ?? user
    if (!namespace) throw new RegistryError('not_found', 'no such namespace')
    const touched = await take(store, { namespace, settings, actor, ip: c.var.ip, now: c.env.now() })
    await forgetAll(c.env, touched)
    return c.json({ namespace: namespace.username }, 200)
  },
})
