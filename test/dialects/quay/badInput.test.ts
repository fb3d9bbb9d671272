import { describe, expect, it } from 'vitest'
import { createWorld } from '../../support/world.ts'

const repo = '/api/v1/repository/acme/app'
const policies = `${repo}/immutabilitypolicy/`
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const many = Array.from({ length: 10_000 }, (_, i) => i)
const json = { 'content-type': 'application/json' }
const labels = `${repo}/manifest/sha256:${'0'.repeat(64)}/labels`

interface Case {
  case: string
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string>
}

const cases: Case[] = [
  { case: 'a pattern of a megabyte', method: 'POST', path: policies, body: { tagPattern: 'a'.repeat(1_000_000) } },
  { case: 'a body over a megabyte', method: 'POST', path: policies, body: { tagPattern: 'a'.repeat(1_100_000) } },
  { case: '10,000 elements', method: 'POST', path: policies, body: many },
  { case: '10,000 elements in a text’s place', method: 'PUT', path: repo, body: { description: many } },
  { case: 'deep JSON', method: 'PUT', path: repo, body: deep(5000), headers: json },
  {
    case: 'deeper JSON in a text’s place',
    method: 'PUT',
    path: repo,
    body: `{"description":${deep(50_000)}}`,
    headers: json,
  },
  { case: 'JSON that does not end', method: 'PUT', path: repo, body: '{"description":', headers: json },
  { case: 'invalid UTF-8', method: 'PUT', path: repo, body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), headers: json },
  { case: 'no content type', method: 'PUT', path: repo, body: '{}' },
  { case: 'a number beyond all', method: 'PUT', path: `${repo}/tag/v`, body: '{"expiration":1e999}', headers: json },
  { case: 'a number before all', method: 'PUT', path: `${repo}/tag/v`, body: { expiration: -1e300 } },
  { case: 'a digest of NULs', method: 'PUT', path: `${repo}/tag/v`, body: { manifest_digest: '\u0000' } },
  {
    case: 'a digest of 100,000 characters',
    method: 'POST',
    path: `${repo}/tag/v/restore`,
    body: { manifest_digest: 'a'.repeat(100_000) },
  },
  { case: 'a NUL in a name', method: 'DELETE', path: `${repo}/tag/a%00b` },
  { case: 'a name in broken escapes', method: 'DELETE', path: `${repo}/tag/%ff%fe` },
  { case: 'a name of 10,000 characters', method: 'PUT', path: `${repo}/tag/${'a'.repeat(10_000)}`, body: {} },
  { case: 'a repository of 10,000 characters', method: 'GET', path: `/api/v1/repository/acme/${'a'.repeat(10_000)}` },
  { case: 'a repository of 1,000 segments', method: 'GET', path: `/api/v1/repository/acme${'/a'.repeat(1000)}/tag/x` },
  { case: 'a filter that is no filter', method: 'GET', path: `${repo}/tag/?filter_tag_name=%00` },
  { case: 'a page beyond all numbers', method: 'GET', path: `${repo}/tag/?page=${'9'.repeat(30)}` },
  { case: 'a limit that is none', method: 'GET', path: `${repo}/tag/?limit=1e3` },
  {
    case: 'a label’s key that backtracks',
    method: 'POST',
    path: labels,
    body: { key: `${'a-'.repeat(120)}!`, value: '', media_type: null },
  },
  { case: 'an unknown error type', method: 'GET', path: '/api/v1/error/__proto__' },
]

describe('what makes no sense', () => {
  it.each(cases)('is refused, soon, and changes nothing: $case', async ({ method, path, body, headers }) => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    await world.point('acme/app', { v: await world.image('acme/app') })
    const generation = await world.generation('acme/app')
    const started = performance.now()
    const response = await world.as('alice').request(method, path, body, headers)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await world.events()).toEqual([])
    expect(await world.generation('acme/app')).toBe(generation)
  })

  it.each([
    'like:%25%25%25%25%25%25%25%25%25%25',
    `like:${'%25_'.repeat(60)}`,
    'like:%00',
    'like:😀',
    'eq:%ff',
    `like:${'a'.repeat(5000)}`,
  ])('is harmless as a filter: %s', async (filter) => {
    const world = await createWorld()
    await world.point('acme/app', { v: await world.image('acme/app') })
    const response = await world.as('carol').request('GET', `${repo}/tag/?filter_tag_name=${filter}`)
    expect(response.status).toBe(200)
  })

  it('matches a pattern that would keep a backtracking engine busy for ever', async () => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    expect((await world.as('alice').request('POST', policies, { tagPattern: '(a+)+(a|aa)*([a-z]+)*!' })).status).toBe(
      201,
    )
    const started = performance.now()
    const name = 'a'.repeat(128)
    const response = await world.as('bob').request('PUT', `${repo}/tag/${name}`, { manifest_digest: D })
    expect(response.status).toBe(201)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
