import type { Context } from 'hono'
import { grantImplicitly } from '../../../domain/application/grantImplicitly.ts'
import { type ApplicationFor, type Assignment, applicationFor, assignmentTo } from '../../../store/applications.ts'
import { turnAwayForged } from '../access.ts'
import { formField } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { ownRedirect } from '../publicAddress.ts'
import { readPerson } from './person.ts'

/** `POST /oauth/authorizeapp`: the user agrees, and the browser goes where the application waits for its answer. */
export async function authorizeApp(c: Context<QuayEnv>): Promise<Response> {
  const { store, settings } = c.env
  const field = async (name: string) => (await formField(c, name)) || undefined
  const clientId = (await field('client_id')) ?? ''
  const assignmentUuid = await field('assignment_uuid')
  const { actor, rows } = await readPerson(c, ({ accountId }) => [
    applicationFor(store, clientId, accountId),
    assignmentTo(store, accountId, clientId, assignmentUuid ?? ''),
  ])
  await turnAwayForged(c, actor)
  const [[found], [assignment]] = rows as [ApplicationFor[], Assignment[]]
  const outcome = await grantImplicitly(store, {
    actor,
    found,
    assignment,
    redirectUri: (await field('redirect_uri')) ?? '',
    ownPage: ownRedirect(settings, c.req.url),
    scope: (await field('scope')) ?? '',
    state: await field('state'),
    now: c.env.now(),
  })
  if ('error' in outcome) return c.json(outcome, 400)
  return c.redirect(outcome.location, 302)
}
