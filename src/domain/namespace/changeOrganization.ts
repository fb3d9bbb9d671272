import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import { parseDuration, type Settings } from '../../settings.ts'
import type { Namespace } from '../../store/rights.ts'
import { account } from '../../store/schema.ts'
import { guard, type Statement, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsIn } from '../grant/raiseGenerations.ts'
import { isEmailAddress } from './createOrganization.ts'

export interface OrganizationChange extends Origin {
  actor: Actor
  organization: Namespace
  /** Null or no text takes the address away; what is undefined stays as it is. */
  email?: string | null | undefined
  invoiceEmail?: boolean | undefined
  invoiceEmailAddress?: string | null | undefined
  tagExpirationSeconds?: number | undefined
  settings: Settings
}

/**
 * Changes an organization's details, all or none of them.
 * @returns the organization, and the paths of the repositories that show the change
 * @throws `invalid`, `rule` with Quay's words
 */
export async function changeOrganization(
  store: Store,
  change: OrganizationChange,
): Promise<{ organization: Namespace; touched: string[] }> {
  const { organization, settings, tagExpirationSeconds, email } = change
  if (email && !isEmailAddress(email)) throw new RegistryError('invalid', 'Invalid email address')
  if (tagExpirationSeconds !== undefined && !isTagExpiration(tagExpirationSeconds, settings)) {
    throw new RegistryError('rule', 'Invalid tag expiration option')
  }
  const { set, events } = changesOf(change)
  if (events.length === 0) return { organization, touched: [] }
  const raise = set.tagExpirationSeconds === undefined ? undefined : raiseGenerationsIn(store, organization.id)
  const touched = await commitRights(store, organization.username, raise, [
    guard(store, sql`exists (select 1 from account where id = ${organization.id} and kind = 'organization')`),
    store.update(account).set(set).where(eq(account.id, organization.id)),
    ...events.map(
      ([kind, metadata]): Statement =>
        recordEvent(store, change, {
          kind,
          namespaceId: organization.id,
          metadata: { ...metadata, namespace: organization.username },
        }),
    ),
  ])
  return { organization: { ...organization, ...set }, touched }
}

/** Whether tags of a namespace may be given back within this time after their end (TAG_EXPIRATION_OPTIONS). */
export const isTagExpiration = (seconds: number, settings: Settings) =>
  settings.TAG_EXPIRATION_OPTIONS.some((option) => parseDuration(option) === seconds)

type Line = [kind: string, metadata: Record<string, unknown>]

/** The columns that change, and a line of the log for each change. */
function changesOf(change: OrganizationChange): { set: Partial<Namespace>; events: Line[] } {
  const { organization, invoiceEmail, tagExpirationSeconds: seconds } = change
  const set: Partial<Namespace> = {}
  const events: Line[] = []
  if (invoiceEmail !== undefined) {
    set.invoiceEmail = invoiceEmail
    events.push(['org_change_invoicing', { invoice_email: invoiceEmail }])
  }
  const address = change.invoiceEmailAddress === undefined ? undefined : change.invoiceEmailAddress || null
  if (address !== undefined && address !== organization.invoiceEmailAddress) {
    set.invoiceEmailAddress = address
    events.push(['org_change_invoicing', { invoice_email_address: address }])
  }
  // Without an address a random uuid stands in for one, as in Quay.
  const email = change.email === undefined ? undefined : change.email || crypto.randomUUID()
  const had = isEmailAddress(organization.email) || Boolean(change.email)
  if (email !== undefined && email !== organization.email && had) {
    set.email = email
    events.push(['org_change_email', { email: change.email ?? '', old_email: organization.email }])
  }
  if (seconds !== undefined) {
    set.tagExpirationSeconds = seconds
    events.push(['org_change_tag_expiration', { tag_expiration: seconds }])
  }
  return { set, events }
}
