import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { type ServiceKeyRow, serviceKeyNamed, serviceKeyRow } from '../../../store/serviceKeys.ts'
import { onSuperuser } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { ServiceKeyView, serviceKeyView } from './serviceKeyView.ts'

const route = createRoute({
  operationId: 'getServiceKey',
  summary: 'One key of a service',
  method: 'get',
  path: '/superuser/keys/{kid}',
  ...onSuperuser('read', { freshly: false, along: readServiceKey }),
  request: { params: z.object({ kid: z.string() }) },
  responses: { 200: { description: 'The key', content: { 'application/json': { schema: ServiceKeyView } } } },
})

export const getServiceKey = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    return c.json(serviceKeyView(foundKey(c.var.along[0]), c.env.settings), 200)
  },
})

export function readServiceKey({ store, param }: AccountLookup) {
  return [serviceKeyNamed(store, param('kid'))] as const
}

/** @throws 404 where there is none */
export function foundKey([row]: Awaited<ReturnType<typeof serviceKeyNamed>>): ServiceKeyRow {
  if (!row) throw new RegistryError('not_found', 'no such key')
  return serviceKeyRow(row)
}
