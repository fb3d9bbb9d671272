import type { Ask, Target } from '../request.ts'

/**
 * What wrk is to send. Each writer has a list of requests of its own that it goes through again and again; the figures
 * come out as JSON behind a mark.
 */
export function luaScript({ host }: Target, writers: readonly (readonly Ask[])[]): string {
  const formatted = writers.map((asks) => `{${asks.map((ask) => format(ask, host)).join(',\n')}}`)
  return `
local counter = 0
function setup(thread) thread:set("writer", counter); counter = counter + 1 end
function init()
  local writers = {${formatted.join(',\n')}}
  asks = writers[writer % #writers + 1]
  at = 0
end
function request() at = at % #asks + 1; return asks[at] end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n${mark}{"requests":%d,"seconds":%.6f,"bytes":%d,"errors":%d,"refused":%d,"p50":%.4f,"p99":%.4f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes, e.connect + e.read + e.write + e.timeout, e.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`
}

export const mark = '@quayside '

function format({ method = 'GET', path, headers = {}, body }: Ask, host: string): string {
  const fields = Object.entries({ Host: host, ...headers }).map(([name, value]) => `[${quote(name)}]=${quote(value)}`)
  return `wrk.format(${quote(method)}, ${quote(path)}, {${fields.join(',')}}, ${body === undefined ? 'nil' : quote(body)})`
}

/** As text of Lua: whatever is no plain character goes by its number. */
const quote = (text: string | Buffer) =>
  `"${[...Buffer.from(text as string)].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : escaped(byte))).join('')}"`

const isPlain = (byte: number) => byte >= 32 && byte < 127 && byte !== 34 && byte !== 92
const escaped = (byte: number) => `\\${String(byte).padStart(3, '0')}`
