import type { Context } from 'hono'
import { turnAwayForged } from '../admission.ts'
import { formFields } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { checkAssignment, grant, grantReads, parseGrantForm } from './grantForm.ts'
import { readPerson, required } from './person.ts'

/** `POST /oauth/authorizeapp`: the user agrees, and the browser goes where the application waits for its answer. */
export async function authorizeApp(c: Context<QuayEnv>): Promise<Response> {
  const fields = await formFields(c)
  const form = parseGrantForm((name) => fields[name])
  const person = await readPerson(c, (lookup) => grantReads(lookup, form))
  const actor = required(person.actor)
  const isTrustedClient = c.env.settings.DIRECT_OAUTH_CLIENTID_WHITELIST.includes(form.clientId)
  if (!(isTrustedClient && person.isDirect)) await turnAwayForged(c, actor)
  checkAssignment(c, form)
  const [[found], [assignment]] = person.rows
  return grant(c, form, { actor, found, assignment })
}
