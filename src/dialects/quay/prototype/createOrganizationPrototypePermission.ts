import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createDefaultGrant, newDefaultGrantReads } from '../../../domain/grant/defaultGrants.ts'
import { type NamespaceLookup, onNamespace } from '../access.ts'
import { roles } from '../permission/permissionView.ts'
import { PrototypeView, prototypeView } from './prototypeView.ts'

const NewPrototype = z
  .object({
    role: z.enum(roles),
    activating_user: z.object({ name: z.string() }).optional(),
    delegate: z.object({ name: z.string(), kind: z.enum(['user', 'team']) }),
  })
  .openapi('NewPrototype')

const route = createRoute({
  operationId: 'createOrganizationPrototypePermission',
  summary: 'Have new repositories of an organization grant a role from the start',
  method: 'post',
  path: '/organization/{orgname}/prototypes',
  ...onNamespace('admin', { along: readNames }),
  request: {
    params: z.object({ orgname: z.string() }),
    body: { required: true, content: { 'application/json': { schema: NewPrototype } } },
  },
  responses: {
    200: { description: 'The default permission', content: { 'application/json': { schema: PrototypeView } } },
  },
})

export const createOrganizationPrototypePermission = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { role, delegate, activating_user: activating } = c.req.valid('json')
    const wanted = { organization, role, delegate, activatingUser: activating?.name, actor, ip: c.var.ip }
    const created = await createDefaultGrant(c.env.store, { ...wanted, now: c.env.now() }, c.var.along)
    return c.json(prototypeView(created), 200)
  },
})

/** Whom the body names, as far as it makes sense. */
async function readNames({ store, namespaceId, body }: NamespaceLookup) {
  const asked = NewPrototype.safeParse(await body()).data
  const names = { delegate: asked?.delegate.name ?? '', activatingUser: asked?.activating_user?.name ?? '' }
  return newDefaultGrantReads(store, namespaceId, names)
}
