import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createOrganization } from '../../../domain/namespace/createOrganization.ts'
import { organizationsCreated } from '../../../store/namespaceSummaries.ts'
import { accountNamed } from '../../../store/namespaces.ts'
import { type AccountLookup, onAccount } from '../access.ts'
import { SwrError } from '../errors.ts'
import { withCode } from '../validation.ts'
import { done, jsonBody } from '../wire.ts'

/** Separators of different kinds do not touch, and there are two underscores in a row at most. */
const namePattern = /^(?=.{1,64}$)[a-z][a-z0-9]*(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/

const NewNamespace = z
  .object({
    namespace: z
      .string()
      .refine((name) => namePattern.test(name), withCode('4001028', 'not a valid organization name')),
  })
  .openapi('SwrNewNamespace')

const route = createRoute({
  operationId: 'createNamespace',
  summary: 'Create an organization that the caller manages',
  method: 'post',
  path: '/namespaces',
  ...onAccount({ scope: 'org:admin', along: readName }),
  request: { body: jsonBody(NewNamespace) },
  responses: done(201),
})

export const createNamespace = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace: name } = c.req.valid('json')
    const { actor, along } = c.var.granted()
    const [[taken], [created]] = along
    if (actor.account.kind !== 'user') throw new SwrError('4030170', 'only a user creates organizations')
    if (taken) throw new SwrError('4090060', `organization ${name} already exists`)
    if ((created?.count ?? 0) >= settings.SWR_NAMESPACE_QUOTA) throw new SwrError('4000097')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await createOrganization(store, { name, email: undefined, settings, hasOwnNameRule: true, ...origin })
    return c.json({}, 201)
  },
})

async function readName({ store, accountId, body }: AccountLookup) {
  const { namespace = '' } = NewNamespace.partial().safeParse(await body()).data ?? {}
  return [accountNamed(store, namespace), organizationsCreated(store, accountId)] as const
}
