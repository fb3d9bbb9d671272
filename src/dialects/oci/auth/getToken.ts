import type { Context } from 'hono'
import { authenticateBasic } from '../../../domain/token/authenticateBasic.ts'
import { decodeBasic, parseBasic } from '../../../domain/token/credential.ts'
import { grantRegistryAccess } from '../../../domain/token/grantRegistryAccess.ts'
import { noteLogin, noteUse } from '../../../domain/token/noteUse.ts'
import { parseRegistryScope, type RegistryScope } from '../../../domain/token/registryScope.ts'
import { issueRegistryToken } from '../../../domain/token/registryToken.ts'
import { RegistryError } from '../../../errors.ts'
import { accountIdOf, type PrincipalRow, principalOf, principalRow } from '../../../store/principals.ts'
import { type RightsRow, rightsOf, rightsRow } from '../../../store/rights.ts'
import { commit } from '../../../store/store.ts'
import { registryHost } from '../challenge.ts'
import type { OciEnv } from '../env.ts'

/** Docker's token service: who the caller is, and what of the wanted scopes it gets, as a token that is signed. */
export async function getToken(c: Context<OciEnv>) {
  const { store, settings } = c.env
  const now = c.env.now()
  const ip = c.req.header('cf-connecting-ip')
  c.set('userAgent', c.req.header('user-agent') ?? '')
  c.header('Cache-Control', 'no-cache, no-store, must-revalidate')
  const header = c.req.header('authorization')
  const wanted = (c.req.queries('scope') ?? []).filter(Boolean)
  if (header === undefined && wanted.length === 0) throw new RegistryError('unauthenticated', 'authentication required')

  const basic = header === undefined ? undefined : decodeBasic(header.trimStart())
  if (header !== undefined && !basic) throw new RegistryError('unauthenticated', 'Specified credentials are invalid')
  const credential = basic ? await parseBasic(basic.username, basic.password) : { kind: 'none' as const }
  const scopes = readScopes(c, wanted)
  const who = principalRow(store, credential)
  const accountId = accountIdOf(credential)
  const paths = scopes instanceof RegistryError ? [] : scopes.map(({ path }) => rightsRow(store, accountId, path))
  const [[row], ...rights] = (await store.batch([who, ...paths])) as [PrincipalRow[], ...unknown[]]

  const principal = principalOf(row)
  const verdict = basic && (await authenticateBasic(c.env, credential, principal))
  if (verdict && 'refusal' in verdict) throw new RegistryError('unauthenticated', verdict.refusal)
  const actor = verdict?.actor
  if (!actor && !settings.FEATURE_ANONYMOUS_ACCESS) {
    throw new RegistryError('unauthenticated', 'Anonymous access is not allowed')
  }
  if (scopes instanceof RegistryError) throw scopes

  const found = rights.map((rows) => rightsOf((rows as RightsRow[])[0]))
  const grants = await grantRegistryAccess(store, { actor, ip, now, settings }, scopes, found)
  if (actor && principal) {
    const isLogin = scopes.length === 0
    const notes = [
      ...noteUse(store, actor, principal, now, settings),
      ...(isLogin ? noteLogin(store, { actor, ip, now }, c.var.userAgent, settings) : []),
    ]
    if (notes.length > 0) await commit(store, notes)
  }
  const audience = c.req.query('service') || registryHost(c)
  return c.json({ token: await issueRegistryToken(c.env, actor, audience, grants) })
}

/** The scopes, or what is wrong with them: that is told to nobody who has not signed in. */
function readScopes(c: Context<OciEnv>, wanted: string[]): RegistryScope[] | RegistryError {
  try {
    return wanted.map((text) => parseRegistryScope(text, registryHost(c), c.env.settings))
  } catch (error) {
    if (error instanceof RegistryError) return error
    throw error
  }
}
