import { describe, expect, it } from 'vitest'
import { onLibsql } from '../../support/database.ts'
import { seedMoves, seedRepositories, seedTags } from '../../support/seedMany.ts'
import { createWorld, type World } from '../../support/world.ts'

const base = '/api/v1/repository'

/** What a request reads, cold. */
async function cost(world: World, act: () => Promise<Response>, status = 200) {
  world.meter.reset()
  const response = await act()
  expect(response.status, await response.clone().text()).toBe(status)
  const { roundTrips, rowsRead } = world.meter
  return { roundTrips, rowsRead, response }
}

describe.skipIf(onLibsql)('what a tag list costs', () => {
  it.each([1000, 100_000])('of %i tags', async (n) => {
    const world = await createWorld()
    await seedTags(world, 'acme/app', n)
    const list = (query: string) =>
      cost(world, () => world.as('carol').request('GET', `${base}/acme/app/tag/?${query}`))
    for (const { query, rows } of [
      { query: 'limit=50', rows: 2 * 50 + 30 },
      { query: 'limit=100', rows: 2 * 100 + 30 },
      { query: 'limit=100&onlyActiveTags=true', rows: 2 * 100 + 30 },
      { query: 'specificTag=t777', rows: 30 },
      { query: 'specificTag=t777&onlyActiveTags=true', rows: 30 },
      { query: 'filter_tag_name=eq:t777', rows: 30 },
      { query: 'filter_tag_name=like:t&limit=50', rows: 2 * 50 + 30 },
      // A page that is reached by its number skips entries of the index, and only these.
      { query: 'limit=50&page=11', rows: 500 + 5 * 50 + 30 },
      { query: 'limit=50&page=11&onlyActiveTags=true', rows: 500 + 5 * 50 + 30 },
    ]) {
      const { roundTrips, rowsRead, response } = await list(query)
      expect(roundTrips, query).toBe(1)
      expect(rowsRead, query).toBeLessThanOrEqual(rows)
      const { tags } = (await response.json()) as { tags: unknown[] }
      expect(tags.length).toBeGreaterThan(0)
    }
    const { roundTrips, rowsRead } = await cost(world, () => world.as('carol').request('GET', `${base}/acme/app`))
    expect(roundTrips).toBe(1)
    expect(rowsRead).toBeLessThanOrEqual(2 * 500 + 30)
  })
})

describe.skipIf(onLibsql)('what a change of a tag costs', () => {
  it('does not grow with its history', async () => {
    const world = await createWorld()
    const digest = await seedMoves(world, 'acme/app', 'latest', 10_000)
    await seedTags(world, 'acme/app', 1000)
    const tag = `${base}/acme/app/tag/latest`
    const bob = world.as('bob')
    for (const { act, status } of [
      { act: () => bob.request('PUT', tag, { manifest_digest: digest }), status: 201 },
      { act: () => bob.request('PUT', tag, { expiration: 1_800_000_000, manifest_digest: digest }), status: 201 },
      { act: () => bob.request('POST', `${tag}/restore`, { manifest_digest: digest }), status: 200 },
      { act: () => bob.request('DELETE', tag), status: 204 },
      { act: () => bob.request('POST', `${tag}/restore`, { manifest_digest: digest }), status: 200 },
    ]) {
      const { roundTrips, rowsRead } = await cost(world, act, status)
      expect(roundTrips).toBe(2)
      expect(rowsRead).toBeLessThanOrEqual(60)
    }
  })
})

describe.skipIf(onLibsql)('what a list of repositories costs', () => {
  const pages = async (world: World, who: 'alice' | 'carol' | 'dave', query: string, limit: number) => {
    let next = ''
    const seen: string[] = []
    for (let page = 0; page < 3; page++) {
      const url = `${base}?${query}${next && `&next_page=${encodeURIComponent(next)}`}`
      const { roundTrips, rowsRead, response } = await cost(world, () => world.as(who).request('GET', url))
      expect(roundTrips).toBe(1)
      expect(rowsRead, `page ${page}`).toBeLessThanOrEqual(limit)
      const answer = (await response.json()) as { repositories: { name: string }[]; next_page: string }
      expect(answer.repositories).toHaveLength(100)
      seen.push(...answer.repositories.map(({ name }) => name))
      next = answer.next_page
    }
    expect(new Set(seen).size).toBe(300)
  }
  it('of 10,000, all of an organization that one administers', async () => {
    const world = await createWorld()
    await seedRepositories(world, 'acme', 10_000)
    await pages(world, 'alice', 'namespace=acme', 900)
  })
  it('of 10,000 that one holds a role on', async () => {
    const world = await createWorld()
    await seedRepositories(world, 'acme', 10_000, { account: 'dave' })
    await pages(world, 'dave', 'namespace=acme', 900)
  })
  it('of 10,000 that a team holds a role on', async () => {
    const world = await createWorld()
    await seedRepositories(world, 'acme', 10_000, { team: 'readers' })
    await pages(world, 'carol', 'namespace=acme', 1200)
  })
  it('of 10,000 public ones, with everything that can be asked for', async () => {
    const world = await createWorld()
    await seedRepositories(world, 'acme', 10_000, { isPublic: true })
    await pages(world, 'dave', 'public=true', 900)
    await pages(world, 'dave', 'public=true&last_modified=true&popularity=true', 1200)
    await pages(world, 'alice', 'public=true&namespace=acme', 1300)
  })
})
