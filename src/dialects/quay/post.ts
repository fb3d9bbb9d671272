import type { Context } from 'hono'
import { deliverMail } from '../../domain/mail/deliverMail.ts'
import type { Post } from '../../domain/mail/queueMail.ts'
import type { QuayEnv } from './env.ts'
import { publicOrigin } from './publicAddress.ts'

/**
 * What mail is written with. Its links lead to the host that is configured, never to the one that a request was sent to:
 * whoever sends the request could name a host of their own. Without a configured host there is no mail.
 */
export function postOf<E extends QuayEnv>(c: Context<E>): Post {
  const { settings, vault, mailer, now } = c.env
  return {
    mailer: settings.SERVER_HOSTNAME ? mailer : undefined,
    vault,
    origin: publicOrigin(settings, c.req.url),
    title: settings.REGISTRY_TITLE,
    now: now(),
  }
}

/** Sends the mail that a change has queued, once the answer has left; what fails now a job tries again. */
export const sendQueuedMail = <E extends QuayEnv>(c: Context<E>) => c.env.waitUntil(deliverMail(c.env))
