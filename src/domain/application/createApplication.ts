import { RegistryError } from '../../errors.ts'
import type { Application } from '../../store/applications.ts'
import type { Namespace } from '../../store/rights.ts'
import { oauthApplication } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { capitals, randomText } from '../token/secret.ts'
import type { Vault } from '../token/vault.ts'

/** What its owner says about an application. */
export interface ApplicationDetails {
  name: string
  description?: string | undefined
  applicationUri?: string | undefined
  redirectUri?: string | undefined
  avatarEmail?: string | undefined
}

export interface NewApplication extends Origin {
  namespace: Namespace
  details: ApplicationDetails
  vault: Vault
}

const clientIdLength = 20
const clientSecretLength = 40
const secretPurpose = 'client secret'

/** Registers an OAuth application of a namespace. */
export async function createApplication(
  store: Store,
  { namespace, details, vault, ...origin }: NewApplication,
): Promise<Application> {
  const clientId = randomText(clientIdLength, capitals)
  const values = {
    clientId,
    encryptedSecret: await newClientSecret(vault),
    namespaceId: namespace.id,
    ...storedDetails(details),
  }
  const [[created]] = await commit(store, [
    store.insert(oauthApplication).values(values).returning(),
    recordEvent(store, origin, {
      kind: 'create_application',
      namespaceId: namespace.id,
      metadata: { application_name: details.name, client_id: clientId },
    }),
  ])
  return created as Application
}

/** What is left out is empty. @throws `invalid` for a reserved name */
export function storedDetails(details: ApplicationDetails) {
  const { name, description = '', applicationUri = '', redirectUri = '', avatarEmail = null } = details
  if (name === reservedName) throw new RegistryError('invalid', `The application name ${reservedName} is reserved`)
  return { name, description, applicationUri, redirectUri, avatarEmail }
}

const reservedName = '__quay_bootstrap_app'

export const newClientSecret = (vault: Vault): Promise<string> =>
  vault.seal(secretPurpose, randomText(clientSecretLength, capitals))

/** An application's secret; undefined where it has none that this installation can read. */
export const clientSecretOf = ({ encryptedSecret }: Application, vault: Vault): Promise<string | undefined> =>
  vault.open(secretPurpose, encryptedSecret)
