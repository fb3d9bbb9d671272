import { deliverMail } from '../domain/mail/deliverMail.ts'
import type { Services } from '../services.ts'
import { applyPolicies } from './applyPolicies.ts'
import { collectGarbage } from './collectGarbage.ts'
import { dropExpiredCredentials } from './dropExpiredCredentials.ts'
import { expireTags } from './expireTags.ts'
import { purgeDeleted } from './purgeDeleted.ts'

/** In this order: what one takes away makes work for the next. */
const jobs: Record<string, (services: Services) => Promise<unknown>> = {
  deliverMail: (services) => deliverMail(services),
  dropExpiredCredentials,
  expireTags,
  applyPolicies,
  purgeDeleted,
  collectGarbage,
}

/** Runs every job once, a bounded step of each. One that fails is logged, and does not keep the others from running. */
export async function runJobs(services: Services): Promise<void> {
  for (const [name, job] of Object.entries(jobs)) {
    try {
      await job(services)
    } catch (error) {
      console.error(`job ${name} failed`, error)
    }
  }
}
