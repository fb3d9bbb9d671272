import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { authorizeEmail } from '../../../domain/repository/authorizeEmail.ts'
import { authorizedEmailOf } from '../../../store/authorizedEmails.ts'
import { onRepository } from '../access.ts'
import { messageError } from '../errors.ts'
import { internal, onlyWith } from '../features.ts'

const AuthorizedEmail = z
  .object({ email: z.string(), repository: z.string(), namespace: z.string(), confirmed: z.boolean() })
  .openapi('AuthorizedEmail')

const path = '/repository/{repository}/authorizedemail/{email}' as const
const params = z.object({ repository: z.string(), email: z.string() })
const responses = {
  200: { description: 'Whether it is confirmed', content: { 'application/json': { schema: AuthorizedEmail } } },
}

const checkRoute = createRoute({
  operationId: 'checkRepoEmailAuthorized',
  summary: "Whether the owner of an address agreed to get a repository's mail",
  method: 'get',
  path,
  ...internal,
  ...onlyWith('FEATURE_MAILING'),
  ...onRepository('admin', {
    readOnlySuperuserMayLook: true,
    mayBeMissing: true,
    along: ({ store, repositoryId, param }) => [authorizedEmailOf(store, repositoryId, param('email'))] as const,
  }),
  request: { params },
  responses,
})

export const checkRepoEmailAuthorized = defineOpenAPIRoute({
  route: checkRoute,
  handler: (c) => {
    const { namespace, repository } = c.var
    const [[row]] = c.var.along
    if (!row) throw messageError(404, 'This address has not been asked for this repository.')
    const { email, confirmed } = row
    return c.json({ email, repository: repository.name, namespace: namespace.username, confirmed }, 200)
  },
})

const sendRoute = createRoute({
  operationId: 'sendAuthorizeRepoEmail',
  summary: "Ask the owner of an address to agree to get a repository's mail",
  method: 'post',
  path,
  ...internal,
  ...onlyWith('FEATURE_MAILING'),
  ...onRepository('admin', { mayBeMissing: true }),
  request: { params },
  responses,
})

export const sendAuthorizeRepoEmail = defineOpenAPIRoute({
  route: sendRoute,
  handler: async (c) => {
    const { namespace } = c.var
    const repository: typeof c.var.repository | undefined = c.var.repository
    const { email, repository: name } = c.req.valid('param')
    if (!repository) throw messageError(400, `Invalid repository ${name}`)
    const { confirmed } = await authorizeEmail(c.env.store, repository, email)
    return c.json({ email, repository: repository.name, namespace: namespace.username, confirmed }, 200)
  },
})
