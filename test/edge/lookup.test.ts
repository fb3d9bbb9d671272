import { describe, expect, it } from 'vitest'
import { type Client, createWorld } from '../support/world.ts'

const list = '/api/v1/repository/acme/app/tag/?onlyActiveTags=true'

async function createCachedWorld() {
  const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
  const A = await world.image('acme/app', { layers: ['a'] })
  const B = await world.image('acme/app', { layers: ['b'] })
  await world.point('acme/app', { latest: A, other: B })
  world.tick(1000)
  return { world, A, B }
}

const latestOf = async (client: Client) => {
  const { tags } = await client.get<{ tags: { name: string; manifest_digest: string }[] }>(list)
  return tags.find(({ name }) => name === 'latest')?.manifest_digest
}

describe('lookups at the edge', () => {
  it('cost no round trip to the store the second time', async () => {
    const { world, A } = await createCachedWorld()
    expect(await latestOf(world.as('carol'))).toBe(A)
    await world.settle()
    world.meter.reset()
    expect(await latestOf(world.as('carol'))).toBe(A)
    expect(world.meter.roundTrips).toBe(0)
  })

  it('answer 304 to a client that has the answer, and not once it has changed', async () => {
    const { world, B } = await createCachedWorld()
    const first = await world.as('carol').request('GET', list)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[^"]+"$/)
    const again = await world.as('carol').request('GET', list, undefined, { 'if-none-match': etag })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    await world.as('bob').request('PUT', '/api/v1/repository/acme/app/tag/latest', { manifest_digest: B })
    const changed = await world.as('carol').request('GET', list, undefined, { 'if-none-match': etag })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
  })

  it('show a write at once at the edge that wrote, to every reader', async () => {
    const { world, A, B } = await createCachedWorld()
    expect(await latestOf(world.as('carol'))).toBe(A)
    await world.settle()
    await world.as('bob').request('PUT', '/api/v1/repository/acme/app/tag/latest', { manifest_digest: B })
    expect(await latestOf(world.as('carol'))).toBe(B)
  })

  it('show a write elsewhere after EDGE_TTL_SECONDS at the latest', async () => {
    const { world, A, B } = await createCachedWorld()
    const far = world.elsewhere()
    expect(await latestOf(far('carol'))).toBe(A)
    await world.settle()
    await world.as('bob').request('PUT', '/api/v1/repository/acme/app/tag/latest', { manifest_digest: B })
    world.tick(4000)
    expect(await latestOf(far('carol'))).toBe(A)
    world.tick(1000)
    expect(await latestOf(far('carol'))).toBe(B)
  })

  it('are never answered to somebody else on the strength of one who may', async () => {
    const { world } = await createCachedWorld()
    await latestOf(world.as('carol'))
    await world.settle()
    expect((await world.as('dave').request('GET', list)).status).toBe(403)
    expect((await world.as('nobody').request('GET', list)).status).toBe(401)
  })

  it('keep the rights of the dialects apart: SWR wants a login even for what is public', async () => {
    const { world } = await createCachedWorld()
    await world.point('acme/pub', { latest: await world.image('acme/pub') })
    const swr = '/v2/manage/namespaces/acme/repos/pub/tags'
    await world.as('nobody').request('GET', '/api/v1/repository/acme/pub/tag/')
    await world.client({ 'x-auth-token': world.tokens.carol }).request('GET', swr)
    await world.settle()
    expect((await world.as('nobody').request('GET', swr)).status).toBe(401)
    expect((await world.client({ 'x-auth-token': 'nonsense' }).request('GET', swr)).status).toBe(401)
  })

  it('end with the token, however fresh the answer is', async () => {
    const { world } = await createCachedWorld()
    const brief = await world.withScope('carol', 'repo:read', 2)
    expect((await brief.request('GET', list)).status).toBe(200)
    await world.settle()
    world.tick(2000)
    expect((await brief.request('GET', list)).status).toBe(401)
  })

  it('pull a manifest without asking the store first, and count and log it all the same', async () => {
    const { world, A, B } = await createCachedWorld()
    const far = world.elsewhere()
    const pull = async () => (await far('carol').request('GET', '/v2/acme/app/manifests/latest')).headers
    expect((await pull()).get('docker-content-digest')).toBe(A)
    await world.settle()
    // Known to the store alone: what still answers A is the edge.
    await world.as('bob').request('PUT', '/api/v1/repository/acme/app/tag/latest', { manifest_digest: B })
    expect((await pull()).get('docker-content-digest')).toBe(A)
    await world.settle()
    const pulls = (await world.events()).filter(({ kind }) => kind === 'pull_repo')
    expect(pulls.map(({ metadata }) => metadata)).toEqual([
      expect.objectContaining({ tag: 'latest', username: 'carol' }),
      expect.objectContaining({ tag: 'latest', username: 'carol' }),
    ])
  })

  it('are kept for the next who asks by one who holds the answer already, and that is no pull', async () => {
    const { world, A } = await createCachedWorld()
    const held = { 'if-none-match': `"${A}"` }
    const ask = () => world.as('carol').request('GET', '/v2/acme/app/manifests/latest', undefined, held)
    const first = await ask()
    await world.settle()
    world.meter.reset()
    const again = await ask()
    expect(world.meter.roundTrips).toBe(0)
    expect([first.status, again.status]).toEqual([304, 304])
    expect(Object.fromEntries(again.headers)).toEqual(Object.fromEntries(first.headers))
    await world.settle()
    expect(await world.events()).toEqual([])
  })

  it("show a repository's page to each caller as it is for them, until they star it", async () => {
    const { world } = await createCachedWorld()
    const page = async (who: 'carol' | 'bob') => {
      const { is_starred, can_write } = await world
        .as(who)
        .get<{ is_starred: boolean; can_write: boolean }>('/api/v1/repository/acme/app')
      await world.settle()
      return { is_starred, can_write }
    }
    expect(await page('carol')).toEqual({ is_starred: false, can_write: false })
    expect(await page('bob')).toEqual({ is_starred: false, can_write: true })
    world.meter.reset()
    expect(await page('carol')).toEqual({ is_starred: false, can_write: false })
    expect(world.meter.roundTrips).toBe(0)
    await world.as('carol').request('POST', '/api/v1/user/starred', { namespace: 'acme', repository: 'app' })
    expect(await page('carol')).toEqual({ is_starred: true, can_write: false })
    await world.as('carol').request('DELETE', '/api/v1/user/starred/acme/app')
    expect(await page('carol')).toEqual({ is_starred: false, can_write: false })
  })

  it("show a changed time machine on a repository's page at once", async () => {
    const { world } = await createCachedWorld()
    const length = async () =>
      (await world.as('carol').get<{ tag_expiration_s: number }>('/api/v1/repository/acme/app')).tag_expiration_s
    await length()
    await world.settle()
    await world.as('alice').request('PUT', '/api/v1/organization/acme', { tag_expiration_s: 86_400 })
    expect(await length()).toBe(86_400)
  })

  it('notice that a planned end has passed', async () => {
    const { world, A } = await createCachedWorld()
    await world.point('acme/app', { brief: A }, { expiresAt: new Date(world.clock.now.getTime() + 2000) })
    const names = async () => {
      const { tags } = await world.as('carol').get<{ tags: { name: string }[] }>(list)
      await world.settle()
      return tags.map(({ name }) => name)
    }
    expect(await names()).toContain('brief')
    world.tick(2000)
    expect(await names()).not.toContain('brief')
  })

  it('go to the store each time with EDGE_TTL_SECONDS 0', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 0 } })
    await world.as('carol').request('GET', list)
    await world.settle()
    world.meter.reset()
    await world.as('carol').request('GET', list)
    expect(world.meter.roundTrips).toBe(1)
  })
})
