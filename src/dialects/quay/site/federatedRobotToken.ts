import type { Context } from 'hono'
import { exchangeIdToken } from '../../../domain/robot/exchangeIdToken.ts'
import { decodeBasic } from '../../../domain/token/credential.ts'
import { RegistryError } from '../../../errors.ts'
import { principalOf, principalRow } from '../../../store/principals.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'

/** `GET /oauth2/federation/robot/token`: a robot's name and a token of its OpenID issuer, for a password of an hour. */
export async function federatedRobotToken(c: Context<QuayEnv>): Promise<Response> {
  const { store, settings, network } = c.env
  c.header('Cache-Control', 'no-store')
  const login = decodeBasic(c.req.header('authorization') ?? '')
  if (!login) throw plainError(401, 'Missing robot name and token')
  const credential = { kind: 'robot', username: login.username, token: login.password } as const
  const [[row]] = await store.batch([principalRow(store, credential)])
  const token = await exchangeIdToken({
    owner: c.env,
    outbound: { network, allowedHosts: settings.SSRF_ALLOWED_HOSTS },
    principal: principalOf(row),
    idToken: login.password,
    ip: c.req.header('cf-connecting-ip'),
  }).catch((error: unknown) => {
    throw error instanceof RegistryError && error.code === 'unauthenticated' ? plainError(401, error.message) : error
  })
  return c.json({ token })
}
