import { eq } from 'drizzle-orm'
import { type Application, dropApplication } from '../../store/applications.ts'
import { oauthApplication } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import type { Vault } from '../token/vault.ts'
import { type ApplicationDetails, newClientSecret, storedDetails } from './createApplication.ts'

interface OfApplication extends Origin {
  application: Application
}

const about = (kind: string, { namespaceId, name, clientId }: Application, metadata: Record<string, unknown> = {}) => ({
  kind,
  namespaceId,
  metadata: { ...metadata, application_name: name, client_id: clientId },
})

/** Says everything about an application anew: what is left out is empty afterwards. */
export async function updateApplication(
  store: Store,
  { application, details, ...origin }: OfApplication & { details: ApplicationDetails },
): Promise<Application> {
  const set = storedDetails(details)
  const updated = { ...application, ...set }
  await commit(store, [
    store.update(oauthApplication).set(set).where(eq(oauthApplication.id, application.id)),
    recordEvent(
      store,
      origin,
      about('update_application', updated, {
        redirect_uri: set.redirectUri,
        application_uri: set.applicationUri,
        description: set.description,
        avatar_email: set.avatarEmail,
      }),
    ),
  ])
  return updated
}

/** Deletes an application, and every token that was granted to it. */
export async function deleteApplication(store: Store, { application, ...origin }: OfApplication): Promise<void> {
  await commit(store, [
    ...dropApplication(store, application.id),
    recordEvent(store, origin, about('delete_application', application)),
  ])
}

/** Gives an application another secret; the old one is worth nothing from now on. */
export async function resetClientSecret(
  store: Store,
  { application, vault, ...origin }: OfApplication & { vault: Vault },
): Promise<Application> {
  const encryptedSecret = await newClientSecret(vault)
  await commit(store, [
    store.update(oauthApplication).set({ encryptedSecret }).where(eq(oauthApplication.id, application.id)),
    recordEvent(store, origin, about('reset_application_client_secret', application)),
  ])
  return { ...application, encryptedSecret }
}
