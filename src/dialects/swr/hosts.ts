import { hash } from '@stablelib/sha256'
import { toHex } from '../../domain/token/secret.ts'
import type { Settings } from '../../settings.ts'

/** Where a client in the open and one inside pull from. */
export function registryHosts(settings: Settings, url: string): { host: string; internalHost: string } {
  const host = settings.SERVER_HOSTNAME || new URL(url).host
  return { host, internalHost: settings.SWR_INTERNAL_HOSTNAME || host }
}

/** 32 hex digits, always the same for the same name. */
export const idOf = (name: string) => toHex(hash(new TextEncoder().encode(name))).slice(0, 32)

/** The id of the one IAM domain that the deployment is. */
export const domainId = ({ SWR_DOMAIN_NAME }: Settings) => idOf(SWR_DOMAIN_NAME)
