import type { Context } from 'hono'
import { answerWithPage } from '../../../console/page.ts'
import { assignedBody } from '../../../console/tokenPage.ts'
import { assignToken } from '../../../domain/application/assignToken.ts'
import { applicationFor } from '../../../store/applications.ts'
import { userNamed } from '../../../store/namespaces.ts'
import { turnAwayForged } from '../admission.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'
import { readPerson, required } from './person.ts'

/** `POST /oauth/authorize/assignuser`: offers a token to somebody else. */
export async function assignUser(c: Context<QuayEnv>): Promise<Response> {
  const { store, settings } = c.env
  if (!settings.FEATURE_ASSIGN_OAUTH_TOKEN) throw plainError(404, 'Not Found')
  const need = (name: string) => {
    const value = c.req.query(name)
    if (!value) throw plainError(400, `Required param: ${name}`)
    return value
  }
  const [clientId, redirectUri, scope, username] = [
    need('client_id'),
    need('redirect_uri'),
    need('scope'),
    need('username'),
  ]
  const person = await readPerson(
    c,
    ({ accountId }) => [applicationFor(store, clientId, accountId), userNamed(store, username)] as const,
    { allowBasic: false },
  )
  const actor = required(person.actor)
  await turnAwayForged(c, actor)
  const [[found], [user]] = person.rows
  if (!user?.enabled) throw plainError(404, 'Unknown user')
  if (!found) throw plainError(404, 'Unknown client')
  const responseType = c.req.query('response_type') ?? 'code'
  const origin = { actor, ip: c.var.ip, now: c.env.now() }
  await assignToken(store, { found, user, redirectUri, scope, responseType, ...origin })
  if (c.req.query('format') === 'json') return c.json({ message: 'Token assigned successfully' })
  return answerWithPage(c, {
    title: 'Token assigned',
    registry: settings.REGISTRY_TITLE,
    body: assignedBody(username),
  })
}
