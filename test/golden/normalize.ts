import { hash } from '@stablelib/sha256'
import { toHex } from '../../src/domain/token/secret.ts'
import type { Recorded } from './compare.ts'
import type { Answer } from './transport.ts'

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const mailDates = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} (-0000|GMT|\+0000)/g
const isoDates = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)?/g
const instants =
  /(_ts|_at|last_modified|datetime|last_ran|expiration_date|old_expiration_date|created_date|expiration|expires)$/
const ids = /(^|_)id$/
const codes = /^[A-Z0-9]{20}$|^[A-Z0-9]{32}$|^[A-Z0-9]{40}$|^[A-Z0-9]{64}$|^[A-Z0-9]{120}$/

/** Dates that scenarios themselves put into images and requests. */
const ownDates = new Set(['2025-01-02T03:04:05Z', '2030-01-02T03:04:05Z'])
const ownEpochs = new Set([1735787045, 1893553445])

/**
 * Replaces what differs from run to run by placeholders, equal values by equal ones: <uuid:1>, <id:1>, <code20:1>, <date>,
 * <ts>, <base>, <host>. A number or a date that a `time` step named becomes {{name}}.
 */
export class Normalizer {
  readonly times = new Map<string, number>()
  private readonly seen = new Map<string, string>()
  private readonly hashes = new Set<string>()
  private readonly base: string
  private readonly host: string

  constructor(base: string) {
    this.base = base
    this.host = new URL(base).host
  }

  /** A text that the scenario knows: the avatar hash of it follows from it, and is compared. */
  allow(text: string) {
    this.hashes.add(toHex(hash(new TextEncoder().encode(text.trim().toLowerCase()))))
  }

  answer({ status, headers, text }: Answer, withCors: boolean): Pick<Recorded, 'status' | 'headers' | 'body'> {
    const kept: Record<string, string> = {}
    const { location, allow, 'content-type': type } = headers
    if (type && status !== 204) kept['content-type'] = type.split(';')[0] ?? ''
    if (location)
      kept.location = this.text(location)
        .replace(/access_token=[^&]+/, 'access_token=<code40>')
        .replace(/([?&]code=)[^&]+/, '$1<code40>')
    if (headers['www-authenticate']) kept['www-authenticate'] = '<present>'
    if (allow) kept.allow = allow.split(/, */).sort().join(', ')
    if (headers['x-next-csrf-token']) kept['x-next-csrf-token'] = '<csrf token>'
    if (withCors)
      Object.assign(kept, Object.fromEntries(Object.entries(headers).filter(([k]) => k.startsWith('access-control-'))))
    return { status, headers: kept, body: this.body(text) }
  }

  body(text: string): unknown {
    if (text === '') return undefined
    try {
      return this.value(JSON.parse(text))
    } catch {
      return /^\s*<(!doctype|html)/i.test(text) ? '<html>' : { text: this.text(text).slice(0, 300) }
    }
  }

  private value(value: unknown, key = '', parent: object = {}): unknown {
    if (typeof value === 'number') return this.number(value, key)
    if (typeof value === 'string') return this.string(value, key, parent)
    if (Array.isArray(value)) return value.map((item) => this.value(item, key, parent))
    if (typeof value !== 'object' || value === null) return value
    const isForeignAvatar = 'hash' in value && 'color' in value && !this.hashes.has(String(value.hash))
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [
        this.text(k),
        isForeignAvatar && (k === 'hash' || k === 'color') ? `<${k}>` : this.value(v, k, value),
      ]),
    )
  }

  private number(value: number, key: string): unknown {
    for (const [name, at] of this.times) {
      if (value === at) return `{{${name}}}`
      if (Math.floor(value / 1000) === at) return `{{${name}}}ms`
    }
    if (instants.test(key) && value > 1e9) return value > 1e12 ? '<ms>' : '<ts>'
    return ids.test(key) ? this.numbered('id', value) : value
  }

  private string(value: string, key: string, parent: object): string {
    if (key === 'next_page') return '<page token>'
    if (key === 'encrypted_password' || (key === 'key' && value.length > 60)) return '<encrypted>'
    if (key === 'csrf_token') return '<csrf token>'
    if (key === 'ip') return '<ip>'
    if (key === 'kid') return this.numbered('kid', value)
    if ((key === 'n' || key === 'e') && 'kty' in parent) return '<jwk number>'
    const pem = /^-----BEGIN ([A-Z ]+)-----/.exec(value)
    if (pem) return `<${pem[1]}>`
    if (codes.test(value)) return this.numbered(`code${value.length}`, value)
    if (/^[A-Za-z0-9]{40}$/.test(value) && /[A-Z]/.test(value)) return this.numbered('code40', value)
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return '<day>'
    // A schema failure goes on with a dump of the schema: only its reason counts.
    const isReason = 'error_type' in parent && parent.error_type === 'invalid_request'
    const first = isReason && (key === 'detail' || key === 'error_message') ? (value.split('\n')[0] ?? '') : value
    return this.text(first)
  }

  private text(value: string): string {
    return value
      .replaceAll(this.base, '<base>')
      .replaceAll(this.host, '<host>')
      .replace(uuids, (uuid) => this.numbered('uuid', uuid))
      .replace(mailDates, (date, _day, zone) => this.date(date, zone))
      .replace(isoDates, (date, fraction, zone) =>
        date.startsWith('20') && !ownDates.has(date) ? `<iso${fraction ? '.f' : ''}${zone ?? ''}>` : date,
      )
  }

  private date(text: string, zone: string): string {
    const at = Date.parse(text.replace('-0000', '+0000')) / 1000
    if (ownEpochs.has(at)) return text
    for (const [name, value] of this.times) if (value === at) return `<date {{${name}}}>`
    return `<date ${zone}>`
  }

  private numbered(kind: string, value: string | number): string {
    const key = `${kind}\0${value}`
    const known = this.seen.get(key)
    if (known) return known
    const count = [...this.seen.keys()].filter((other) => other.startsWith(`${kind}\0`)).length
    const placeholder = `<${kind}:${count + 1}>`
    this.seen.set(key, placeholder)
    return placeholder
  }
}
