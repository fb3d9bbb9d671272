import { recent } from '../../recent.ts'

/** What can follow a repository's name, longest first. A name holds slashes, so it is found from the path's end. */
const tails = [
  /^\/v2\/(.+)(\/blobs\/uploads\/[^/]*)$/,
  /^\/v2\/(.+)(\/(?:blobs|manifests|referrers)\/[^/]+)$/,
  /^\/v2\/(.+)(\/tags\/list)$/,
]

/** The path as the router is to see it: the repository's name becomes one segment. */
export const ociPath = recent((path) => {
  const whole = path.endsWith('/blobs/uploads') ? `${path}/` : path
  for (const tail of tails) {
    const [, name, rest] = tail.exec(whole) ?? []
    if (name && rest) return `/v2/${name.replace(/%2f/gi, '/').replaceAll('/', '%2F')}${rest}`
  }
  return path
})
