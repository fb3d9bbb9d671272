import { describe, expect, it } from 'vitest'
import { shapeOf } from './support/shape.ts'
import { createWorld } from './support/world.ts'

/**
 * What the customer's documents print, section by section: the answers here have the same keys in the same order, with
 * the same types. The samples are cut to one row of each kind.
 */
const live = {
  name: 'test',
  reversion: false,
  start_ts: 1716324069,
  manifest_digest: 'sha256:57583a1b9c0a7509d3417387b4f43acf80d08cdcf5266ac87987be3f8f919d5d',
  is_manifest_list: false,
  size: 2275314,
  last_modified: 'Tue, 21 May 2024 20:41:09 -0000',
}
const ended = {
  name: 'example',
  reversion: false,
  start_ts: 1715697708,
  end_ts: 1715698131,
  manifest_digest: 'sha256:57583a1b9c0a7509d3417387b4f43acf80d08cdcf5266ac87987be3f8f919d5d',
  is_manifest_list: false,
  size: 2275314,
  last_modified: 'Tue, 14 May 2024 14:41:48 -0000',
  expiration: 'Tue, 14 May 2024 14:48:51 -0000',
}
const restored = { ...live, reversion: true }
const repository = {
  namespace: 'quayadmin',
  name: 'busybox',
  kind: 'image',
  description: 'any text',
  is_public: false,
  is_organization: false,
  is_starred: false,
  status_token: 'd8f5e074-690a-46d7-83c8-8d4e3d3d0715',
  trust_enabled: false,
  tag_expiration_s: 1209600,
  is_free_account: true,
  state: 'NORMAL',
  tags: {
    latest: {
      name: 'example',
      size: 2275314,
      last_modified: 'Tue, 14 May 2024 14:48:51 -0000',
      manifest_digest: 'sha256:57583a1b9c0a7509d3417387b4f43acf80d08cdcf5266ac87987be3f8f919d5d',
    },
  },
  can_write: true,
  can_admin: true,
}

const path = '/api/v1/repository/acme/app'

async function createHistory() {
  const world = await createWorld()
  const alice = world.as('alice')
  const A = await world.image('acme/app', { layers: ['a'] })
  const B = await world.image('acme/app', { layers: ['b'] })
  await world.point('acme/app', { latest: A, other: B })
  const list = async (query = '') =>
    await alice.get<{ tags: Record<string, unknown>[]; page: number; has_additional: boolean }>(`${path}/tag/${query}`)
  return { world, alice, A, B, list }
}

describe("the documents' examples", () => {
  it('6.18: change, restore, list and delete a tag', async () => {
    const { world, alice, A, B, list } = await createHistory()
    world.tick(1000)
    const changed = await alice.request('PUT', `${path}/tag/latest`, { manifest_digest: B })
    expect(await changed.json()).toBe('Updated')
    world.tick(1000)
    const back = await alice.request('POST', `${path}/tag/latest/restore`, { manifest_digest: A })
    expect(await back.json()).toEqual({})
    const { tags, ...rest } = await list('?specificTag=latest')
    expect(tags.map(shapeOf)).toEqual([restored, ended, ended].map(shapeOf))
    expect(tags.map((tag) => tag.reversion)).toEqual([true, false, false])
    expect(rest).toEqual({ page: 1, has_additional: false })
    const deleted = await alice.request('DELETE', `${path}/tag/latest`)
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
  })

  it('8.2: a repository with its tags', async () => {
    const { alice } = await createHistory()
    const answer = await alice.get<{ tags: Record<string, unknown> }>(`${path}?includeTags=true`)
    expect(Object.keys(answer.tags).sort()).toEqual(['latest', 'other'])
    delete answer.tags.other
    expect(shapeOf(answer)).toEqual(shapeOf({ ...repository, is_organization: true }))
  })

  it('8.4 and 8.12: the list without its slash, before and after a new tag and a deletion', async () => {
    const { alice, A } = await createHistory()
    await alice.request('PUT', `${path}/tag/test`, { manifest_digest: A })
    const withoutSlash = await alice.get<{ tags: unknown[] }>(`${path}/tag`)
    expect(withoutSlash.tags.map(shapeOf)).toEqual([live, live, live].map(shapeOf))
    await alice.request('DELETE', `${path}/tag/test`)
    const { tags } = await alice.get<{ tags: { name: string }[] }>(`${path}/tag`)
    expect(shapeOf(tags.find(({ name }) => name === 'test'))).toEqual(shapeOf(ended))
  })

  it('8.7: a tag that will expire', async () => {
    const { alice, list, world } = await createHistory()
    const expiration = Math.floor(world.clock.now.getTime() / 1000) + 86_400
    await alice.request('PUT', `${path}/tag/latest`, { expiration })
    const { tags } = await list('?specificTag=latest')
    expect(tags.map(shapeOf)).toEqual([shapeOf(ended)])
    expect(tags[0]?.end_ts).toBe(expiration)
  })

  it('8.10: what is active, by page and by name', async () => {
    const { list } = await createHistory()
    const page = await list('?onlyActiveTags=true&page=1&limit=10')
    expect(shapeOf(page)).toEqual(shapeOf({ tags: [live, live], page: 1, has_additional: false }))
    const one = await list('?onlyActiveTags=true&page=1&limit=20&specificTag=other')
    expect(shapeOf(one)).toEqual(shapeOf({ tags: [live], page: 1, has_additional: false }))
  })

  it('8.14: back to what a tag was', async () => {
    const { world, alice, A, B } = await createHistory()
    world.tick(1000)
    await alice.request('PUT', `${path}/tag/latest`, { manifest_digest: B })
    world.tick(1000)
    await alice.request('POST', `${path}/tag/latest/restore`, { manifest_digest: A })
    const { tags } = await alice.get<{ tags: { name: string }[] }>(`${path}/tag`)
    expect(tags.filter(({ name }) => name === 'latest').map(shapeOf)).toEqual([restored, ended, ended].map(shapeOf))
  })
})
