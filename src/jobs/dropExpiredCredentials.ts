import type { Services } from '../services.ts'
import { dropCodesBefore } from '../store/applications.ts'
import { dropAppTokensBefore } from '../store/appTokens.ts'
import { dropEmailCodesBefore } from '../store/mail.ts'

/** Codes of OAuth and of mail are worth nothing long before that. */
const codeMilliseconds = 8 * 24 * 60 * 60 * 1000

/**
 * Takes away app-specific tokens that ran out EXPIRED_APP_SPECIFIC_TOKEN_GC ago, and codes that nobody came back with.
 * They open nothing already; this only makes room.
 */
export async function dropExpiredCredentials({ store, settings, now }: Services): Promise<void> {
  const horizon = new Date(now().getTime() - settings.EXPIRED_APP_SPECIFIC_TOKEN_GC * 1000)
  const codeHorizon = new Date(now().getTime() - codeMilliseconds)
  await store.batch([
    dropAppTokensBefore(store, horizon),
    dropCodesBefore(store, codeHorizon),
    dropEmailCodesBefore(store, codeHorizon),
  ])
}
