import type { Context } from 'hono'
import { answerWithPage } from '../../../console/page.ts'
import { cancelledBody, tokenBody } from '../../../console/tokenPage.ts'
import type { QuayEnv } from '../env.ts'
import { readPerson } from './person.ts'
import { askToSignIn } from './signIn.ts'

/** `GET /oauth/localapp`: shows a token to the one who asked for it. The token itself never comes here. */
export async function localApp(c: Context<QuayEnv>): Promise<Response> {
  const { actor } = await readPerson(c, () => [], { allowBasic: false })
  if (!actor) return askToSignIn(c)
  if (c.req.query('format') === 'json') return c.json({ access_token: c.req.query('access_token') ?? null })
  const scope = c.req.query('scope')
  return answerWithPage(c, {
    title: scope === undefined ? 'Cancelled' : 'Your token',
    registry: c.env.settings.REGISTRY_TITLE,
    body: scope === undefined ? cancelledBody() : tokenBody(scope),
  })
}
