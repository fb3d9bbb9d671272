import type { Context } from 'hono'
import type { Actor } from '../../../domain/actor.ts'
import { proveActor } from '../../../domain/actor.ts'
import type { Statement } from '../../../store/store.ts'
import { type AccountLookup, readAlong, sessionCredential } from '../access.ts'
import { readSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'

/** Who asks for a page of the site: whoever the browser's session belongs to. @throws 401 for nobody */
export async function readPerson<A extends readonly Statement[]>(
  c: Context<QuayEnv>,
  along: (lookup: AccountLookup) => A,
): Promise<{ actor: Actor; rows: unknown[] }> {
  const session = await readSession(c)
  c.set('session', session)
  const credential = sessionCredential(session)
  const { principal, rows } = await readAlong(c, credential, { along })
  const actor = proveActor(credential, principal, c.env.settings, c.env.now())
  if (actor?.account.kind !== 'user') throw plainError(401, 'Requires authentication')
  c.set('actor', actor)
  return { actor, rows }
}
