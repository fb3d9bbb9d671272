import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { authenticateBasic } from '../../../domain/token/authenticateBasic.ts'
import { appTokenLength, parseBasic } from '../../../domain/token/credential.ts'
import { noteLogin, noteUse } from '../../../domain/token/noteUse.ts'
import { sealToken } from '../../../domain/token/sealedToken.ts'
import { RegistryError } from '../../../errors.ts'
import { principalOf, principalRow } from '../../../store/principals.ts'
import { commit } from '../../../store/store.ts'
import type { SwrEnv } from '../env.ts'
import { domainId } from '../hosts.ts'
import { answer, jsonBody } from '../wire.ts'
import { projectId } from './project.ts'

const lifetimeMilliseconds = 24 * 3_600_000

const Named = z.object({ name: z.string().optional(), id: z.string().optional() })
const Login = z
  .object({
    auth: z.object({
      identity: z.object({
        methods: z.array(z.literal('password')).min(1),
        password: z.object({
          user: z.object({ name: z.string(), password: z.string(), domain: z.object({ name: z.string() }) }),
        }),
      }),
      scope: z.object({ project: Named.optional(), domain: Named.optional() }).optional(),
    }),
  })
  .openapi('IamLogin')

const Domain = z.object({ id: z.string(), name: z.string() })
const IamToken = z
  .object({
    token: z.object({
      expires_at: z.string(),
      issued_at: z.string(),
      methods: z.array(z.string()),
      catalog: z.array(z.object({})).optional(),
      project: z.object({ id: z.string(), name: z.string(), domain: Domain }).optional(),
      domain: Domain.optional(),
      roles: z.array(Domain),
      user: z.object({ id: z.string(), name: z.string(), password_expires_at: z.string(), domain: Domain }),
    }),
  })
  .openapi('IamToken')

/** Nobody is asked who they are: the body says it. */
const open = createMiddleware<SwrEnv>(async (c, next) => {
  c.set('ip', c.req.header('cf-connecting-ip'))
  await next()
})

const route = createRoute({
  operationId: 'createIamToken',
  summary: 'Get a token for a name and a password',
  method: 'post',
  path: '/auth/tokens',
  security: [],
  middleware: [open] as [typeof open],
  request: { body: jsonBody(Login) },
  responses: answer(201, IamToken, 'The token stands in `X-Subject-Token`'),
})

export const createIamToken = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings, vault } = c.env
    const { identity, scope } = c.req.valid('json').auth
    const { name, password, domain } = identity.password.user
    const now = c.env.now()
    const isAppToken = password.length === appTokenLength && !name.includes('+')
    const credential = await parseBasic(isAppToken ? '$app' : name, password)
    const [[row]] = await store.batch([principalRow(store, credential)])
    const principal = principalOf(row)
    const verdict = await authenticateBasic(c.env, credential, principal)
    const isNamed = !isAppToken || principal?.account.username === name
    if ('refusal' in verdict || !principal || !isNamed || domain.name !== settings.SWR_DOMAIN_NAME) {
      throw new RegistryError('unauthenticated', 'The username or password is wrong.')
    }
    const { actor } = verdict
    const origin = { actor, ip: c.var.ip, now }
    await commit(store, [
      ...noteUse(store, actor, principal, now, settings),
      ...noteLogin(store, origin, c.req.header('user-agent') ?? '', settings),
    ])
    const expiresAt = new Date(now.getTime() + lifetimeMilliseconds)
    c.header('X-Subject-Token', await sealToken(vault, 'iam token', actor, expiresAt))

    const own = { id: domainId(settings), name: settings.SWR_DOMAIN_NAME }
    const token = {
      expires_at: microseconds(expiresAt),
      issued_at: microseconds(now),
      methods: ['password'],
      ...(!c.req.query('nocatalog') && { catalog: [] }),
      ...(scope?.project && { project: { id: projectId(settings), name: settings.SWR_REGION, domain: own } }),
      ...(scope?.domain && { domain: own }),
      roles: [],
      user: { id: actor.account.swrId, name: actor.account.username, password_expires_at: '', domain: own },
    }
    return c.json({ token }, 201)
  },
})

const microseconds = (date: Date) => date.toISOString().replace(/Z$/, '000Z')
