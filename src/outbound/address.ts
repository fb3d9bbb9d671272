import ipaddr from 'ipaddr.js'

/** Why an address that a user gave is not called. */
export type AddressProblem = 'malformed' | 'scheme' | 'userinfo' | 'blocked'

const blockedNames = new Set([
  'localhost',
  'metadata',
  'metadata.google.internal',
  'metadata.azure.internal',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
])
const blockedEndings = ['.localhost', '.internal', '.local']

/** Reads an address that a user gave. `allowed` (names, addresses, CIDR ranges) lifts the block, not the syntax. */
export function readAddress(text: string, allowed: readonly string[]): { url: URL } | { problem: AddressProblem } {
  if (!URL.canParse(text)) return { problem: 'malformed' }
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { problem: 'scheme' }
  if (url.username || url.password) return { problem: 'userinfo' }
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '')
  if (host === '') return { problem: 'malformed' }
  return isBlocked(host) && !isAllowed(host, allowed) ? { problem: 'blocked' } : { url }
}

function isBlocked(host: string): boolean {
  if (ipaddr.isValid(host)) return !isPublicAddress(host)
  return blockedNames.has(host) || blockedEndings.some((ending) => host.endsWith(ending))
}

/** Whether an IP address is one of the world's: not of a private network, of this machine, or of anything reserved. */
export const isPublicAddress = (address: string): boolean =>
  // `parse`, not `process`: an IPv4 address in IPv6's clothes is of a range of its own, which is not public.
  ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unicast'

/** Whether a host is in the operator's list. */
export function isAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) => entry.toLowerCase() === host || isInRange(host, entry))
}

function isInRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false
  const [address, [base, bits]] = [ipaddr.parse(host), ipaddr.parseCIDR(range)]
  return address.kind() === base.kind() && address.match(base, bits)
}
