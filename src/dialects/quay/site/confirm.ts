import type { Context } from 'hono'
import { confirmAddressBody, outcomeBody } from '../../../console/mailPages.ts'
import { confirmAddress, ownerOfConfirmation } from '../../../domain/namespace/confirmAddress.ts'
import { turnAwayForged } from '../admission.ts'
import { ensureSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { givenCode, orSayWhyNot, readCode, showPage } from './codePage.ts'
import { readPerson } from './person.ts'

/** `GET /confirm`: asks whether an address is an account's. */
export async function confirmPage(c: Context<QuayEnv>): Promise<Response> {
  const confirmation = await readConfirmation(c)
  return orSayWhyNot(c, async () => {
    const { owner, email } = await ownerOfConfirmation(confirmation)
    const { csrfToken } = await ensureSession(c)
    const fields = { csrfToken, code: confirmation.text, username: owner.username, email }
    return showPage(c, 'Your e-mail address', confirmAddressBody(fields))
  })
}

/** `POST /confirm`: it is. */
export async function confirm(c: Context<QuayEnv>): Promise<Response> {
  const confirmation = await readConfirmation(c)
  await turnAwayForged(c, c.var.actor, { always: 'unless read-only' })
  return orSayWhyNot(c, async () => {
    const { email } = await confirmAddress(c.env.store, confirmation)
    return showPage(c, 'Confirmed', outcomeBody(`${email} is confirmed.`))
  })
}

async function readConfirmation(c: Context<QuayEnv>) {
  const text = await givenCode(c)
  const { rows } = await readPerson(c, readCode(text), { allowBasic: false })
  return { text, found: rows[0][0], settings: c.env.settings, ip: c.var.ip, now: c.env.now() }
}
