import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Actor } from '../../../domain/actor.ts'
import { temporaryLogin } from '../../../domain/token/accessKey.ts'
import { onAccount } from '../access.ts'
import { rfc3339 } from '../dates.ts'
import type { SwrEnv } from '../env.ts'
import { registryHosts } from '../hosts.ts'
import { queryText } from '../validation.ts'
import { answer } from '../wire.ts'

const Auths = z
  .object({ auths: z.record(z.string(), z.object({ auth: z.string() })) })
  .openapi('SwrDockerConfig', { description: "As in Docker's own config.json" })

const common = {
  method: 'post',
  request: { query: z.object({ projectname: queryText('The region; this one where it is left out') }) },
  responses: answer(200, Auths, 'The login; `X-Swr-Dockerlogin` holds it as a command'),
} as const

/** A login at the registry that lasts some hours, as a command and as Docker keeps it. */
async function login(c: Context, actor: Actor) {
  const { settings, vault, now } = (c as Context<SwrEnv>).env
  const region = c.req.queries('projectname')?.[0] || settings.SWR_REGION
  const { host } = registryHosts(settings, c.req.url)
  const { accessKey, secret, expiresAt } = await temporaryLogin(vault, actor, now())
  const user = `${region}@${accessKey}`
  c.header('X-Swr-Dockerlogin', `docker login -u ${user} -p ${secret} ${host}`)
  c.header('X-Swr-Expireat', rfc3339(expiresAt))
  return { auths: { [host]: { auth: btoa(`${user}:${secret}`) } } }
}

const secretRoute = createRoute({
  operationId: 'createSecret',
  summary: 'Make a temporary login for docker',
  path: '/utils/secret',
  ...onAccount({ scope: undefined }),
  ...common,
})

export const createSecret = defineOpenAPIRoute({
  route: secretRoute,
  handler: async (c) => c.json(await login(c, c.var.granted().actor), 200),
})

const tokenRoute = createRoute({
  operationId: 'createAuthorizationToken',
  summary: 'Make a temporary login for docker',
  path: '/utils/authorizationtoken',
  ...onAccount({ scope: undefined }),
  ...common,
})

export const createAuthorizationToken = defineOpenAPIRoute({
  route: tokenRoute,
  handler: async (c) => c.json(await login(c, c.var.granted().actor), 200),
})
