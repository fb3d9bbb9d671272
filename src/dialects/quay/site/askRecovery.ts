import type { Context } from 'hono'
import { askRecoveryBody, outcomeBody } from '../../../console/mailPages.ts'
import { requestRecovery } from '../../../domain/namespace/requestRecovery.ts'
import { ensureSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { showPage } from './codePage.ts'

/** `GET /recovery` without a code: asks for the address that the mail with the code is to go to. */
export async function askRecovery(c: Context<QuayEnv>): Promise<Response> {
  const { csrfToken } = await ensureSession(c)
  return showPage(c, 'Recover your account', askRecoveryBody(csrfToken))
}

/** `POST /recovery` with an address: sends the mail. The page says the same, whoever has the address. */
export async function takeRecoveryRequest(c: Context<QuayEnv>, email: string): Promise<Response> {
  const { store, settings } = c.env
  await requestRecovery(store, { email, settings, post: postOf(c) })
  sendQueuedMail(c)
  const sentence = `If an account has the address ${email}, a mail is on its way there.`
  return showPage(c, 'Look into your mail', outcomeBody(sentence))
}
