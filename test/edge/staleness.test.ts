import { describe, expect, it } from 'vitest'
import { pushImage, pushManifest } from '../support/push.ts'
import { type Client, createWorld } from '../support/world.ts'

const list = '/api/v1/repository/acme/app/tag/?onlyActiveTags=true'
const swr = '/v2/manage/namespaces/acme/repos/app/tags'
const manifest = '/v2/acme/app/manifests/latest'
const repository = '/api/v1/repository/acme/app?includeTags=true'
const tagPath = '/api/v1/repository/acme/app/tag/latest'
const grantPath = '/api/v1/repository/acme/app/permissions/user/dave'
const byDigest = (digest: string) => `/v2/acme/app/manifests/${digest}`
const writes = 12

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Tags {
  tags: { name: string; manifest_digest: string }[]
}

/** What `latest` means, by everything that is kept at the edge. */
const lookups: [what: string, ask: (client: Client, token: string) => Promise<string | null | undefined>][] = [
  ['tag list', async (c) => (await c.get<Tags>(list)).tags.find(({ name }) => name === 'latest')?.manifest_digest],
  ['tag by name', async (c) => (await c.get<Tags>(`${list}&specificTag=latest`)).tags[0]?.manifest_digest],
  [
    'SWR tag list',
    async (c, token) => {
      const answer = await c.request('GET', `${swr}?tag=latest&limit=10&offset=0`, undefined, { 'x-auth-token': token })
      return ((await answer.json()) as { digest: string }[])[0]?.digest
    },
  ],
  ['manifest', async (c) => (await c.request('GET', manifest)).headers.get('docker-content-digest')],
  ['head of the manifest', async (c) => (await c.request('HEAD', manifest)).headers.get('docker-content-digest')],
  [
    'repository',
    async (c) =>
      (await c.get<{ tags: Record<string, { manifest_digest: string }> }>(repository)).tags.latest?.manifest_digest,
  ],
]

interface Done {
  edge: number
  at: number
  value: number
}

/** Two edges over one store: writers and readers at both, in random order and at once, on a clock that jumps. */
async function run(seed: number, ttlSeconds: number): Promise<string[]> {
  const random = seeded(seed)
  const pick = (n: number) => Math.floor(random() * n)
  const world = await createWorld({ settings: { EDGE_TTL_SECONDS: ttlSeconds } })
  const digests: string[] = []
  for (let i = 0; i <= writes; i++) digests.push(await world.image('acme/app', { layers: [`layer ${i}`] }))
  await world.point('acme/app', Object.fromEntries(digests.map((digest, i) => [`keep-${i}`, digest])))
  await world.point('acme/app', { latest: digests[0] ?? '' })
  const passing = await pushImage(world.as('bob'), 'acme/app')
  const far = world.elsewhere()
  const at = (edge: number, who: 'alice' | 'bob' | 'carol' | 'dave'): Client => (edge === 0 ? world.as(who) : far(who))

  const moves: Done[] = [{ edge: 0, at: 0, value: 0 }]
  const rights: Done[] = [{ edge: 0, at: 0, value: 0 }]
  const comings: Done[] = [{ edge: 0, at: 0, value: 0 }]
  const wrong: string[] = []
  const now = () => world.clock.now.getTime()
  /** The least that a reader at this edge, who starts now, has to have seen. */
  const floor = (done: Done[], edge: number) => {
    const due = now() - ttlSeconds * 1000
    return Math.max(...done.filter((d) => d.edge === edge || d.at <= due).map((d) => d.value), 0)
  }
  let moved = 0
  let changes = 0
  let comes = 0

  const move = async () => {
    const edge = pick(2)
    const value = ++moved
    await at(edge, 'bob').request('PUT', tagPath, { manifest_digest: digests[value] })
    moves.push({ edge, at: now(), value })
  }
  /** Odd changes let dave in, even ones put him out. */
  const changeRight = async () => {
    const edge = pick(2)
    const value = ++changes
    await at(edge, 'alice').request(value % 2 ? 'PUT' : 'DELETE', grantPath, value % 2 ? { role: 'read' } : undefined)
    rights.push({ edge, at: now(), value })
  }
  /** Odd times a manifest goes, even ones it comes back. */
  const comeOrGo = async () => {
    const edge = pick(2)
    const value = ++comes
    if (value % 2) await at(edge, 'bob').request('DELETE', byDigest(passing.digest))
    else await pushManifest(at(edge, 'bob'), 'acme/app', '', passing.text)
    comings.push({ edge, at: now(), value })
  }
  const fetch = async () => {
    const edge = pick(2)
    const least = floor(comings, edge)
    const running = comes
    const { status } = await at(edge, 'carol').request('HEAD', byDigest(passing.digest))
    const isSettled = least === running && comes === running
    const expected = least % 2 ? 404 : 200
    if (isSettled && status !== expected) wrong.push(`seed ${seed}: edge ${edge} answered ${status}, not ${expected}`)
  }
  const read = async () => {
    const edge = pick(2)
    const least = floor(moves, edge)
    const [what, ask] = lookups[pick(lookups.length)] as (typeof lookups)[number]
    const seen = digests.indexOf((await ask(at(edge, 'carol'), world.tokens.carol)) ?? '')
    if (seen < least) wrong.push(`seed ${seed}: edge ${edge} showed move ${seen} in the ${what}, and ${least} was due`)
  }
  const look = async () => {
    const edge = pick(2)
    const least = floor(rights, edge)
    const running = changes
    const { status } = await at(edge, 'dave').request('GET', list)
    const isSettled = least === running && changes === running
    const expected = least % 2 ? 200 : 403
    if (isSettled && status !== expected) wrong.push(`seed ${seed}: edge ${edge} told dave ${status}, not ${expected}`)
  }

  for (let round = 0; round < 30; round++) {
    // One writer a round, so that the order of the writes is known; readers beside it as they come.
    const write = random() < 0.6 && moved < writes ? move : random() < 0.5 ? changeRight : comeOrGo
    const writer = random() < 0.5 ? write : read
    await Promise.all([read(), writer(), look(), fetch(), read()])
    if (random() < 0.5) await world.settle()
    if (random() < 0.5) world.tick(pick(3000))
    await Promise.all([read(), look(), fetch()])
  }
  await world.settle()
  return wrong
}

describe('readers at two edges', () => {
  it.each([1, 2, 3, 4, 5, 6])('never see less than is due, with seed %i', { timeout: 60_000 }, async (seed) => {
    expect(await run(seed, 5)).toEqual([])
  })

  it.each([7, 8])(
    'see every finished write at once with EDGE_TTL_SECONDS 0, with seed %i',
    { timeout: 60_000 },
    async (seed) => {
      expect(await run(seed, 0)).toEqual([])
    },
  )
})
