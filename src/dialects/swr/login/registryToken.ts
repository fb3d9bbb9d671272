import type { Context } from 'hono'
import { proveKeyHolder } from '../../../domain/token/accessKey.ts'
import { authenticateBasic } from '../../../domain/token/authenticateBasic.ts'
import { decodeBasic, parseBasic } from '../../../domain/token/credential.ts'
import { grantRegistryAccess } from '../../../domain/token/grantRegistryAccess.ts'
import { parseRegistryScope } from '../../../domain/token/registryScope.ts'
import { issueRegistryToken, registryTokenSeconds } from '../../../domain/token/registryToken.ts'
import { RegistryError } from '../../../errors.ts'
import { accountIdOf, type Principal, type PrincipalRow, principalOf, principalRow } from '../../../store/principals.ts'
import { type RightsRow, rightsOf, rightsRow } from '../../../store/rights.ts'
import { rfc3339 } from '../dates.ts'
import type { SwrEnv } from '../env.ts'
import { registryHosts } from '../hosts.ts'

/** The token service as Harbor's adapter asks for it: an access key and its secret, or a login, for a registry token. */
export async function registryToken(c: Context<SwrEnv>) {
  const { store, settings } = c.env
  const now = c.env.now()
  const basic = decodeBasic(c.req.header('authorization') ?? '')
  if (!basic) throw new RegistryError('unauthenticated', 'Authorization is missing')
  const { host } = registryHosts(settings, c.req.url)
  const scopes = (c.req.queries('scope') ?? []).filter(Boolean).map((text) => parseRegistryScope(text, host, settings))
  const parsed = await parseBasic(basic.username, basic.password)
  const credential =
    parsed.kind === 'password' ? { kind: 'accessKey' as const, accessKey: basic.username, login: undefined } : parsed
  const accountId = accountIdOf(credential)
  const who = principalRow(store, credential)
  const paths = scopes.map(({ path }) => rightsRow(store, accountId, path))
  const [[row], ...rights] = (await store.batch([who, ...paths])) as [PrincipalRow[], ...unknown[]]
  const verdict = await verdictOn(principalOf(row))
  if ('refusal' in verdict) throw new RegistryError('unauthenticated', verdict.refusal)

  const found = rights.map((rows) => rightsOf((rows as RightsRow[])[0]))
  const asker = { actor: verdict.actor, ip: c.req.header('cf-connecting-ip'), now, settings }
  const grants = await grantRegistryAccess(store, asker, scopes, found)
  const token = await issueRegistryToken(c.env, verdict.actor, c.req.query('service') || host, grants)
  return c.json({ token, expires_in: registryTokenSeconds, issued_at: rfc3339(now) })

  function verdictOn(principal: Principal | undefined) {
    if (credential.kind !== 'accessKey' || credential.login !== undefined) {
      return authenticateBasic(c.env, credential, principal)
    }
    const proof = { secretKey: basic?.password ?? '' }
    return proveKeyHolder({ ...c.env, now }, credential.accessKey, proof, principal)
  }
}
