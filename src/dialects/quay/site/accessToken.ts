import type { Context } from 'hono'
import { codeLookup, exchangeCode } from '../../../domain/application/grantByCode.ts'
import { decodeBasic } from '../../../domain/token/credential.ts'
import { tokenLifetimeSeconds } from '../../../domain/token/grantAccessToken.ts'
import { applicationNamed, codeOfApplication } from '../../../store/applications.ts'
import { formFields } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'

/** `POST /oauth/access_token`: an application's server exchanges its code for a token. */
export async function accessToken(c: Context<QuayEnv>): Promise<Response> {
  const { store, vault } = c.env
  const fields = await formFields(c)
  const client = decodeBasic(c.req.header('authorization') ?? '')
  const given = (name: string) => fields[name] || c.req.query(name) || undefined
  const need = (name: string, value = given(name)) => {
    if (value === undefined) throw plainError(400, `Required param: ${name}`)
    return value
  }
  const grantType = need('grant_type')
  const clientId = need('client_id', given('client_id') ?? client?.username)
  const redirectUri = need('redirect_uri')
  const code = need('code')
  const scope = need('scope')
  c.header('Cache-Control', 'no-store')
  c.header('Pragma', 'no-cache')
  if (grantType !== 'authorization_code') return c.json({ error: 'unsupported_grant_type' }, 400)
  const [[application], [row]] = await store.batch([
    applicationNamed(store, clientId),
    codeOfApplication(store, clientId, codeLookup(code)),
  ])
  const isOfClient = client?.username === clientId
  const outcome = await exchangeCode(store, {
    application,
    clientSecret: given('client_secret') ?? (isOfClient ? client.password : ''),
    row,
    code,
    redirectUri,
    scope,
    verifier: given('code_verifier'),
    vault,
    now: c.env.now(),
  })
  if ('error' in outcome) return c.json(outcome, 400)
  return c.json({
    access_token: outcome.token,
    token_type: 'Bearer',
    expires_in: tokenLifetimeSeconds,
    refresh_token: null,
  })
}
