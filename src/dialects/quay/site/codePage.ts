import type { Context } from 'hono'
import { outcomeBody } from '../../../console/mailPages.ts'
import { answerWithPage, type Html } from '../../../console/page.ts'
import { lookupOfCode } from '../../../domain/mail/emailCode.ts'
import { RegistryError } from '../../../errors.ts'
import { emailCodeNamed } from '../../../store/mail.ts'
import type { AccountLookup } from '../admission.ts'
import { formFields } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'

/** The code that a link from a mail, or the form behind it, carries. @throws 404 where there is no mail */
export async function givenCode(c: Context<QuayEnv>): Promise<string> {
  if (!c.env.settings.FEATURE_MAILING) throw plainError(404, 'Not Found')
  return c.req.query('code') ?? (await formFields(c)).code ?? ''
}

export const readCode = (text: string) => (lookup: AccountLookup) =>
  [emailCodeNamed(lookup.store, lookupOfCode(text))] as const

export const showPage = (c: Context<QuayEnv>, title: string, body: Html, status: 200 | 400 = 200) =>
  answerWithPage(c, { title, registry: c.env.settings.REGISTRY_TITLE, body }, status)

/** Runs what a page does; a code that is worth nothing, or a rule that objects, is told on a page too. */
export async function orSayWhyNot(
  c: Context<QuayEnv>,
  work: () => Promise<Response>,
  say?: (problem: string) => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RegistryError) || !['rule', 'invalid', 'conflict'].includes(error.code)) throw error
    if (say && error.code === 'invalid') return say(error.message)
    const sentence =
      error.message === invalidCode ? 'This link is not valid, or no longer: ask for another one.' : error.message
    return showPage(c, 'That did not work', outcomeBody(sentence), 400)
  }
}

const invalidCode = 'Invalid confirmation code.'
