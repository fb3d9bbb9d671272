import { describe, expect, it } from 'vitest'
import { basic, type Pushed, pushImage, pushIndex } from '../support/push.ts'
import { type Client, createWorld, password } from '../support/world.ts'

const ttlSeconds = 5

/** Everything that a reader can look at and that an edge may have kept, in short. */
async function look(reader: Client, { v1, signature }: { v1: Pushed; signature?: Pushed }) {
  const json = async (path: string, pick: (body: never) => unknown) => {
    const response = await reader.request('GET', path)
    return response.ok ? pick((await response.json()) as never) : response.status
  }
  const status = async (method: string, path: string) => (await reader.request(method, path)).status
  const at = (reference: string) => `/v2/acme/app/manifests/${reference}`
  const names = ({ tags }: { tags: { name: string }[] }) => tags.map((tag) => tag.name).toSorted()
  return {
    tags: await json('/v2/acme/app/tags/list', ({ tags }: { tags: string[] }) => tags),
    quayTags: await json('/api/v1/repository/acme/app/tag/?onlyActiveTags=true', names),
    quayManifest: await status('GET', `/api/v1/repository/acme/app/manifest/${v1.digest}`),
    byTag: await status('HEAD', at('v1')),
    byDigest: await status('HEAD', at(v1.digest)),
    pulled: await status('GET', at(v1.digest)),
    referrers: await json(
      `/v2/acme/app/referrers/${v1.digest}`,
      ({ manifests }: { manifests: unknown[] }) => manifests.length,
    ),
    ...(signature && { bySignature: await status('HEAD', at(signature.digest)) }),
  }
}

describe('after each write, every read at the edge of the write is new, and elsewhere when its time is up', () => {
  const shown = {
    tags: ['v1'],
    quayTags: ['v1'],
    quayManifest: 200,
    byTag: 200,
    byDigest: 200,
    pulled: 200,
    referrers: 0,
  }
  const gone = { byTag: 404, byDigest: 404, pulled: 404, quayManifest: 404 }

  it.each<{
    case: string
    write: (writer: Client, v1: Pushed) => Promise<Response>
    becomes: Partial<Record<keyof typeof shown, unknown>>
  }>([
    {
      case: 'a push of what refers to a manifest',
      write: async (writer, v1) =>
        (await pushImage(writer, 'acme/app', { layers: ['signature'], subject: v1.digest })).response,
      becomes: { referrers: 1 },
    },
    {
      case: 'a push of another tag',
      write: async (writer, v1) => (await pushIndex(writer, 'acme/app:v2', [v1])).response,
      becomes: { tags: ['v1', 'v2'], quayTags: ['v1', 'v2'] },
    },
    {
      case: 'a deletion by tag',
      write: (writer) => writer.request('DELETE', '/v2/acme/app/manifests/v1'),
      becomes: { tags: [], quayTags: [], byTag: 404, quayManifest: 404 },
    },
    {
      case: 'a deletion by digest',
      write: (writer, v1) => writer.request('DELETE', `/v2/acme/app/manifests/${v1.digest}`),
      becomes: { ...gone, tags: [], quayTags: [] },
    },
    {
      case: 'a deletion by Quay’s API',
      write: (writer) => writer.request('DELETE', '/api/v1/repository/acme/app/tag/v1'),
      becomes: { tags: [], quayTags: [], byTag: 404, quayManifest: 404 },
    },
  ])('$case', async ({ write, becomes }) => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: ttlSeconds } })
    const far = world.elsewhere()
    const v1 = await pushImage(world.as('bob'), 'acme/app:v1')
    world.tick(1000)
    const readers = [world.as('carol'), far('carol')] as const
    for (let i = 0; i < 2; i++) {
      for (const reader of readers) expect(await look(reader, { v1 })).toEqual(shown)
      await world.settle()
    }
    const written = await write(world.as('bob'), v1)
    expect(written.ok, await written.text()).toBe(true)
    expect(await look(readers[0], { v1 })).toEqual({ ...shown, ...becomes })
    await world.settle()
    world.tick(ttlSeconds * 1000 + 1)
    for (const reader of readers) expect(await look(reader, { v1 })).toEqual({ ...shown, ...becomes })
  })

  it('a deletion of the repository, and a push to its name', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: ttlSeconds } })
    const far = world.elsewhere()
    const v1 = await pushImage(world.as('bob'), 'acme/app:v1')
    const signature = await pushImage(world.as('bob'), 'acme/app', { layers: ['s'], subject: v1.digest })
    const readers = [world.as('alice'), far('alice')] as const
    const all = { ...shown, referrers: 1, bySignature: 200 }
    for (const reader of readers) expect(await look(reader, { v1, signature })).toEqual(all)
    await world.settle()
    expect((await world.as('alice').request('DELETE', '/api/v1/repository/acme/app')).status).toBe(204)
    const nothing = { ...gone, tags: 404, quayTags: 404, referrers: 0, bySignature: 404 }
    expect(await look(readers[0], { v1, signature })).toEqual(nothing)
    await world.settle()
    world.tick(ttlSeconds * 1000 + 1)
    expect(await look(readers[1], { v1, signature })).toEqual(nothing)
    const other = await pushImage(world.client(basic('alice', password)), 'acme/app:v2', { layers: ['other'] })
    expect(other.response.status).toBe(201)
    world.tick(ttlSeconds * 1000 + 1)
    for (const reader of readers) {
      expect(await look(reader, { v1, signature })).toEqual({ ...nothing, tags: ['v2'], quayTags: ['v2'] })
    }
  })
})
