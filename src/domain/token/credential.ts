import { recent } from '../../recent.ts'
import { hashSecret } from './secret.ts'

/** What a caller presented, taken apart but not yet checked against the store. Each dialect knows only where it sits. */
export type Credential =
  | { kind: 'none'; refusal?: string }
  /** An OAuth access token: its first half finds it, the hash of the whole proves it. */
  | { kind: 'oauth'; lookup: string; secretHash: string }
  /** A browser's session, already opened: the seal proves it. */
  | { kind: 'session'; uuid: string; signedInAt: Date }
  /** What a registry token or an IAM token was issued for; its signature or seal has been checked. */
  | {
      kind: 'registry'
      accountUuid: string | undefined
      tokenId: number | undefined
      appTokenId: number | undefined
      /** Of a robot: which of its tokens it signed in with. */
      mark: string | undefined
    }
  /** An access key of the SWR dialect; as a login it brings its secret, else the request proves it. */
  | { kind: 'accessKey'; accessKey: string; login: string | undefined }
  | { kind: 'password'; username: string; password: string }
  | { kind: 'robot'; username: string; token: string }
  | { kind: 'app'; lookup: string; secret: string }

/** What `docker login` can send. */
export type BasicCredential = Extract<
  Credential,
  { kind: 'password' | 'robot' | 'app' | 'oauth' | 'accessKey' | 'none' }
>

export const oauthTokenLength = 40
export const appTokenLength = 120

/** A client shows the same token with every request, and hashing it is a tenth of what a kept answer costs. */
const hashOf = recent(hashSecret, 200)

/** An OAuth access token as text; any other text is nobody's. */
export async function parseOauthToken(text: string): Promise<BasicCredential> {
  if (!/^[A-Za-z0-9]{40}$/.test(text)) return { kind: 'none', refusal: 'OAuth access token could not be validated' }
  return { kind: 'oauth', lookup: text.slice(0, oauthTokenLength / 2), secretHash: hashOf(text) }
}

/** `region@access key`, where the key is a robot, the uuid of an app-specific token, or a user's 32 hex digits. */
const loginName = /^[a-z0-9-]+@([^@]+\+[^@]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/

/** The user and password forms that `docker login` can send. */
export async function parseBasic(username: string, password: string): Promise<BasicCredential> {
  if (username === '$oauthtoken') return parseOauthToken(password)
  if (username === '$app') {
    const valid = password.length === appTokenLength
    if (!valid) return { kind: 'none', refusal: 'Invalid token' }
    return { kind: 'app', lookup: password.slice(0, 60), secret: password.slice(60) }
  }
  // Tokens of a repository: Quay gave them up, and so there are none that could be valid.
  if (username === '$token') return { kind: 'none', refusal: 'Invalid access token' }
  const accessKey = loginName.exec(username)?.[1]
  if (accessKey !== undefined) return { kind: 'accessKey', accessKey, login: password }
  if (username.includes('+')) return { kind: 'robot', username, token: password }
  return { kind: 'password', username, password }
}

/** User and password out of an `Authorization: Basic` value; undefined where it is not one. */
export function decodeBasic(header: string): { username: string; password: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header)
  if (!match?.[1]) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(base64.decode(match[1]))
    const colon = text.indexOf(':')
    return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
  } catch {
    return undefined
  }
}

const base64 = { decode: (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)) }
