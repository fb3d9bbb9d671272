import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { mayRead, weighRights } from '../../../domain/grant/authorize.ts'
import { starRepository } from '../../../domain/repository/star.ts'
import { forget } from '../../../edge/lookup.ts'
import { rightsOf, rightsRow } from '../../../store/rights.ts'
import { openToAll, requireUser } from '../access.ts'
import type { AccountLookup } from '../admission.ts'

const Star = z.object({ namespace: z.string(), repository: z.string() }).openapi('StarredRepository')

const route = createRoute({
  operationId: 'createStar',
  summary: 'Star a repository',
  method: 'post',
  path: '/user/starred',
  ...openToAll({ scope: 'repo:read', along: readRights }),
  request: { body: { required: true, content: { 'application/json': { schema: Star } } } },
  responses: {
    200: { description: 'No repository that the user may see', content: { 'application/json': { schema: z.null() } } },
    201: { description: 'Starred', content: { 'application/json': { schema: Star } } },
  },
})

export const createStar = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor, along } = c.var
    requireUser(actor, 'admin')
    const [[row] = []] = along
    const rights = rightsOf(row)
    if (!rights?.repository || !mayRead(weighRights({ ...actor, scopes: 'all' }, rights, settings))) {
      return c.json(null, 200)
    }
    const { id, name } = rights.repository
    await starRepository(store, actor.account.id, id, c.env.now())
    await forget(c.env, `${rights.namespace.username}/${name}`)
    return c.json(c.req.valid('json'), 201)
  },
})

async function readRights({ store, accountId, body }: AccountLookup) {
  const asked = Star.safeParse(await body())
  if (!asked.success) return [] as const
  const { namespace, repository: name } = asked.data
  return [rightsRow(store, accountId, { namespace, name })] as const
}
