import { lookup as resolve } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, fetch } from 'undici'
import { isAllowed, isPublicAddress } from './address.ts'
import type { Network } from './fetchPublic.ts'

/**
 * The network of a machine of one's own. On Workers a name leads nowhere private; here it might: what it resolves to is
 * checked as the connection is made, so that no second answer of the name server can differ from the one that was checked.
 */
export function nodeNetwork(allowedHosts: readonly string[]): Network {
  const lookup: LookupFunction = (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const usable = addresses.filter(
        ({ address }) => isPublicAddress(address) || isAllowed(host, allowedHosts) || isAllowed(address, allowedHosts),
      )
      if (usable.length === 0) return done(new Error(`${host} is no public address`), [])
      const [first] = usable
      return options.all ? done(null, usable) : done(null, first?.address ?? '', first?.family)
    })
  }
  const dispatcher = new Agent({ connect: { lookup } })
  return async ({ url, method, signal }) => {
    const response = await fetch(url, { method, redirect: 'manual', signal, dispatcher })
    return response as unknown as Response
  }
}
