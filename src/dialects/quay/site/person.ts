import type { Context } from 'hono'
import { type Actor, proveActor } from '../../../domain/actor.ts'
import { authenticateBasic, disabledText } from '../../../domain/token/authenticateBasic.ts'
import { type BasicCredential, decodeBasic, parseBasic } from '../../../domain/token/credential.ts'
import type { Rows, Statement } from '../../../store/store.ts'
import { type AccountLookup, readAlong, sessionCredential } from '../admission.ts'
import { readSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'

export interface Person<R> {
  /** Undefined for nobody. */
  actor: Actor | undefined
  /** The password came with the request, not a browser's session. */
  isDirect: boolean
  rows: R
}

/**
 * Who asks for a page of the site: whom the browser's session belongs to, or who sends a name and a password. Tokens do
 * not count: what is granted here may do more than the token.
 * @throws 401 for a password that is wrong
 */
export async function readPerson<const A extends readonly Statement[]>(
  c: Context<QuayEnv>,
  along: (lookup: AccountLookup) => A,
  { allowBasic = true }: { allowBasic?: boolean } = {},
): Promise<Person<Rows<A>>> {
  const session = await readSession(c)
  c.set('session', session)
  const header = c.req.header('authorization')
  const basic = allowBasic && header !== undefined ? await basicCredential(header) : undefined
  const credential = basic ?? sessionCredential(session)
  const { principal, rows } = await readAlong(c, credential, { along })
  const actor = basic
    ? await proveBasic(c, basic, principal)
    : proveActor(credential, principal, c.env.settings, c.env.now())
  c.set('actor', actor)
  const person = actor?.account.kind === 'user' ? actor : undefined
  return { actor: person, isDirect: basic !== undefined, rows: rows as Rows<A> }
}

async function basicCredential(header: string): Promise<BasicCredential> {
  const decoded = decodeBasic(header)
  const credential = decoded && (await parseBasic(decoded.username, decoded.password))
  if (credential?.kind !== 'password') throw plainError(401, 'Requires authentication')
  return credential
}

async function proveBasic(
  { env }: Context<QuayEnv>,
  credential: BasicCredential,
  principal: Parameters<typeof authenticateBasic>[2],
): Promise<Actor> {
  const verdict = await authenticateBasic(env, credential, principal)
  if ('actor' in verdict) return verdict.actor
  throw plainError(401, verdict.refusal === disabledText ? disabledText : 'Requires authentication')
}

/** @throws 401 where nobody is signed in */
export function required(actor: Actor | undefined): Actor {
  if (!actor) throw plainError(401, 'Requires authentication')
  return actor
}
