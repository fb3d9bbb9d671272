import type { Context } from 'hono'
import { newPasswordBody } from '../../../console/mailPages.ts'
import { ownerOfRecovery, recoverAccount } from '../../../domain/namespace/recoverAccount.ts'
import { turnAwayForged } from '../admission.ts'
import { ensureSession, formFields, signInBrowser } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { askRecovery, takeRecoveryRequest } from './askRecovery.ts'
import { givenCode, orSayWhyNot, readCode, showPage } from './codePage.ts'
import { readPerson } from './person.ts'

/** `GET /recovery`: asks for a new password. */
export async function recoveryPage(c: Context<QuayEnv>): Promise<Response> {
  const recovery = await readRecovery(c)
  if (c.req.query('code') === undefined) return askRecovery(c)
  return orSayWhyNot(c, async () => {
    const { username } = await ownerOfRecovery(recovery)
    return form(c, { code: recovery.text, username })
  })
}

/** `POST /recovery`: sets it, and signs in. */
export async function recover(c: Context<QuayEnv>): Promise<Response> {
  const recovery = await readRecovery(c)
  await turnAwayForged(c, c.var.actor, { always: 'unless read-only' })
  const { password = '', email } = await formFields(c)
  if (email !== undefined) return takeRecoveryRequest(c, email)
  return orSayWhyNot(
    c,
    async () => {
      const { uuid } = await recoverAccount(c.env.store, { ...recovery, password })
      sendQueuedMail(c)
      await signInBrowser(c, uuid)
      return c.redirect('/signin', 303)
    },
    (problem) => form(c, { code: recovery.text, username: recovery.found?.account.username ?? '', problem }, 400),
  )
}

async function readRecovery(c: Context<QuayEnv>) {
  const text = await givenCode(c)
  const { rows } = await readPerson(c, readCode(text), { allowBasic: false })
  return { text, found: rows[0][0], settings: c.env.settings, post: postOf(c), ip: c.var.ip }
}

async function form(
  c: Context<QuayEnv>,
  fields: { code: string; username: string; problem?: string },
  status: 200 | 400 = 200,
) {
  const { csrfToken } = await ensureSession(c)
  return showPage(c, 'New password', newPasswordBody({ csrfToken, ...fields }), status)
}
