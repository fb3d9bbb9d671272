import type { Context } from 'hono'
import { invitationBody, outcomeBody } from '../../../console/mailPages.ts'
import { acceptInvite, declineInvite, inviteReads, openInvite } from '../../../domain/team/answerInvite.ts'
import { forgetAll } from '../access.ts'
import { turnAwayForged } from '../admission.ts'
import { ensureSession, formFields } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { givenCode, orSayWhyNot, showPage } from './codePage.ts'
import { readPerson } from './person.ts'
import { askToSignIn } from './signIn.ts'

/** `GET /confirminvite`: asks who was invited into a team whether they join. */
export async function invitationPage(c: Context<QuayEnv>): Promise<Response> {
  const { actor, code, rows } = await readInvitation(c)
  if (!actor) return askToSignIn(c)
  return orSayWhyNot(c, async () => {
    const { inviter, organization, team } = openInvite(rows)
    const { csrfToken } = await ensureSession(c)
    return showPage(c, 'Invitation', invitationBody({ csrfToken, code, inviter, organization, team }))
  })
}

/** `POST /confirminvite`: their answer. */
export async function answerInvitation(c: Context<QuayEnv>): Promise<Response> {
  const { actor, code, rows } = await readInvitation(c)
  if (!actor) return askToSignIn(c)
  await turnAwayForged(c, actor)
  const answer = { actor, code, ip: c.var.ip, now: c.env.now() }
  const isAccepted = (await formFields(c)).answer === 'accept'
  return orSayWhyNot(c, async () => {
    if (!isAccepted) {
      await declineInvite(c.env.store, answer, rows)
      return showPage(c, 'Declined', outcomeBody('The invitation is gone.'))
    }
    const { organization, team, touched } = await acceptInvite(c.env.store, answer, rows)
    await forgetAll(c.env, touched)
    return showPage(c, 'Welcome', outcomeBody(`You are in the team ${team} of ${organization}.`))
  })
}

async function readInvitation(c: Context<QuayEnv>) {
  const code = await givenCode(c)
  const person = await readPerson(c, ({ store, accountId }) => inviteReads(store, code, accountId), {
    allowBasic: false,
  })
  return { ...person, code }
}
