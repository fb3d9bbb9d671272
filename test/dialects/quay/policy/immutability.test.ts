import { describe, expect, it } from 'vitest'
import { applyPolicy } from '../../../../src/domain/policy/applyPolicy.ts'
import { applyPolicies } from '../../../../src/jobs/applyPolicies.ts'
import { pendingPolicies } from '../../../../src/store/policies.ts'
import { onLibsql } from '../../../support/database.ts'
import { seedTags } from '../../../support/seedMany.ts'
import { createWorld, type Person, type World } from '../../../support/world.ts'

const settings = { FEATURE_IMMUTABLE_TAGS: true }
const bases = {
  organization: '/api/v1/organization/acme/immutabilitypolicy/',
  repository: '/api/v1/repository/acme/app/immutabilitypolicy/',
}
type Who = Person | 'nobody'

const add = (world: World, base: string, body: unknown, as: Who = 'alice') => world.as(as).request('POST', base, body)
const immutableNames = async (world: World, path = 'acme/app') =>
  (await world.tags(path)).live.filter(({ immutable }) => immutable).map(({ name }) => name)

describe.each(Object.entries(bases))('policies of the %s', (level, base) => {
  it('are added, listed, looked at, changed and taken away', async () => {
    const world = await createWorld({ settings })
    const alice = world.as('alice')
    const added = await add(world, base, { tagPattern: ' v[0-9]+ ' })
    const { uuid } = (await added.json()) as { uuid: string }
    expect(added.status).toBe(201)
    const policy = { uuid, tagPattern: 'v[0-9]+', tagPatternMatches: true }
    expect(await alice.get(base)).toEqual({ policies: [policy] })
    expect(Object.keys(await alice.get(base + uuid))).toEqual(['uuid', 'tagPattern', 'tagPatternMatches'])
    expect(await world.as('auditor').get(base + uuid)).toEqual(policy)
    const changed = await alice.request('PUT', base + uuid, { tagPattern: 'x', tagPatternMatches: false })
    expect([changed.status, await changed.text()]).toEqual([204, ''])
    expect(await alice.get(base + uuid)).toEqual({ uuid, tagPattern: 'x', tagPatternMatches: false })
    const gone = await alice.request('DELETE', base + uuid)
    expect([gone.status, await gone.json()]).toEqual([200, { uuid }])
    expect((await alice.request('DELETE', base + uuid)).status).toBe(404)
    const told = { namespace: 'acme', ...(level === 'repository' && { repo: 'app' }) }
    expect((await world.events()).map(({ kind, metadata }) => [kind, metadata])).toMatchObject([
      ['create_immutability_policy', { ...told, tag_pattern: 'v[0-9]+', tag_pattern_matches: true }],
      ['update_immutability_policy', { ...told, tag_pattern: 'x', tag_pattern_matches: false }],
      ['delete_immutability_policy', { ...told, policy_uuid: uuid }],
    ])
  })

  it.each([
    { body: {}, says: "'tagPattern' is a required property" },
    { body: { tagPattern: '' }, says: 'tag_pattern is required and must be a non-empty string' },
    { body: { tagPattern: '  ' }, says: 'tag_pattern is required and must be a non-empty string' },
    { body: { tagPattern: '[' }, says: /^Invalid regex pattern: / },
    { body: { tagPattern: '(a+)\\1' }, says: /^Invalid regex pattern: / },
    { body: { tagPattern: '((((a{1000}){1000}){1000}){1000})' }, says: /^Invalid regex pattern: / },
    { body: { tagPattern: 'x'.repeat(257) }, says: 'tag_pattern must be 256 characters or less' },
    { body: { tagPattern: 5 }, says: "5 is not of type 'string'" },
    { body: { tagPattern: 'a', tagPatternMatches: 'x' }, says: "'x' is not of type 'boolean'" },
  ])('refuse $body', async ({ body, says }) => {
    const world = await createWorld({ settings })
    const response = await add(world, base, body)
    expect(response.status).toBe(400)
    const { detail } = (await response.json()) as { detail: string }
    if (typeof says === 'string') expect(detail).toBe(says)
    else expect(detail).toMatch(says)
    expect(await world.events()).toEqual([])
  })

  it('are of one pattern once, whatever they do with it', async () => {
    const world = await createWorld({ settings })
    await add(world, base, { tagPattern: 'a' })
    const [one, two] = await Promise.all([
      add(world, base, { tagPattern: 'b' }),
      add(world, base, { tagPattern: 'b', tagPatternMatches: false }),
    ])
    expect([one.status, two.status].sort()).toEqual([201, 400])
    const { policies } = await world.as('alice').get<{ policies: { uuid: string }[] }>(base)
    expect(policies).toHaveLength(2)
    const uuid = policies[0]?.uuid
    expect((await world.as('alice').request('PUT', base + uuid, { tagPattern: 'b' })).status).toBe(400)
    expect((await world.as('alice').request('PUT', base + uuid, { tagPattern: 'a' })).status).toBe(204)
    expect((await world.as('alice').request('PUT', `${base}unknown`, { tagPattern: 'c' })).status).toBe(404)
  })

  it.each<{ as: Who; looks: number; adds: number }>([
    { as: 'nobody', looks: 401, adds: 403 },
    { as: 'dave', looks: 403, adds: 403 },
    { as: 'bob', looks: 403, adds: 403 },
    { as: 'auditor', looks: 200, adds: 403 },
    { as: 'admin', looks: 403, adds: 403 },
    { as: 'alice', looks: 200, adds: 201 },
  ])('$as looks: $looks, adds: $adds', async ({ as, looks, adds }) => {
    const world = await createWorld({ settings })
    expect((await world.as(as).request('GET', base)).status).toBe(looks)
    expect((await add(world, base, { tagPattern: 'x' }, as)).status).toBe(adds)
  })

  it('check the body first for an organization, the caller first for a repository', async () => {
    const world = await createWorld({ settings })
    expect((await add(world, base, {}, 'dave')).status).toBe(level === 'organization' ? 400 : 403)
  })

  it('let a tag that becomes immutable expire where the registry says so', async () => {
    const world = await createWorld({ settings: { ...settings, FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE: true } })
    const expiresAt = new Date(world.clock.now.getTime() + 5_000_000)
    await world.point('acme/app', { v: await world.image('acme/app') }, { expiresAt })
    await add(world, base, { tagPattern: 'v' })
    expect((await world.tags('acme/app')).live).toMatchObject([{ immutable: true, expiresAt }])
  })

  it.each([
    { pattern: '[0-9]*', matches: true, hits: ['123'] },
    { pattern: '[0-9]*', matches: false, hits: ['redis', 'v1'] },
    { pattern: '^v.*$', matches: true, hits: ['v1'] },
    { pattern: 'v', matches: true, hits: [] },
  ])('make tags immutable that are there: $pattern, $matches', async ({ pattern, matches, hits }) => {
    const world = await createWorld({ settings })
    const D = await world.image('acme/app')
    await world.point('acme/app', { '123': D, redis: D, v1: D })
    const past = new Date(world.clock.now.getTime() + 1000)
    await world.point('acme/app', { '9': D, vOld: D }, { expiresAt: past })
    world.tick(2000)
    await add(world, base, { tagPattern: pattern, tagPatternMatches: matches })
    expect(await immutableNames(world)).toEqual(hits)
    const expired = (await world.tags('acme/app')).history.filter(({ name }) => name === '9' || name === 'vOld')
    expect(expired.map(({ immutable }) => immutable)).toEqual([false, false])
    const event = (await world.events()).find(({ kind }) => kind === 'tags_made_immutable_by_policy')
    if (hits.length > 0)
      expect(event?.metadata).toMatchObject({
        namespace: 'acme',
        ...(level === 'repository' && { repo: 'app' }),
        tag_pattern: pattern,
        tag_pattern_matches: matches,
        count: hits.length,
      })
    else expect(event).toBeUndefined()
    expect(event?.performerId ?? null).toBeNull()
  })

  it('make new tags immutable, and these live for ever', async () => {
    const world = await createWorld({ settings })
    const D = await world.image('acme/app', { expiresAfterSeconds: 3600 })
    const soon = new Date(world.clock.now.getTime() + 5_000_000)
    await world.point('acme/app', { keeps: D })
    await world.point('acme/app', { v0: D }, { expiresAt: soon })
    await add(world, base, { tagPattern: 'v.*' })
    const bob = world.as('bob')
    expect((await bob.request('PUT', '/api/v1/repository/acme/app/tag/v1', { manifest_digest: D })).status).toBe(201)
    expect((await bob.request('PUT', '/api/v1/repository/acme/app/tag/v1', { manifest_digest: D })).status).toBe(409)
    const { live } = await world.tags('acme/app')
    expect(live.map(({ name, immutable, expiresAt }) => [name, immutable, expiresAt])).toEqual([
      ['keeps', false, null],
      ['v0', true, null],
      ['v1', true, null],
    ])
    const made = (await world.events()).find(({ kind }) => kind === 'tag_made_immutable_by_policy')
    expect(made).toMatchObject({
      performerId: null,
      metadata: { tag: 'v1', repo: 'app', namespace: 'acme', immutable: true },
    })
  })

  it('are not there without their feature', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('GET', base)).status).toBe(404)
  })
})

describe('policies of what is not there', () => {
  it.each([
    { method: 'GET', path: '' },
    { method: 'POST', path: '' },
    { method: 'GET', path: 'x' },
    { method: 'PUT', path: 'x' },
    { method: 'DELETE', path: 'x' },
  ])('$method $path → 404', async ({ method, path }) => {
    const world = await createWorld({ settings })
    const body = method === 'POST' || method === 'PUT' ? { tagPattern: 'a' } : undefined
    const nowhere = '/api/v1/repository/acme/none/immutabilitypolicy/'
    expect((await world.as('alice').request(method, nowhere + path, body)).status).toBe(404)
    expect(await world.events()).toEqual([])
  })

  it('of an unknown organization are refused to a superuser with full access', async () => {
    const world = await createWorld({ settings: { ...settings, FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    const response = await add(world, '/api/v1/organization/none/immutabilitypolicy/', { tagPattern: 'a' }, 'admin')
    expect(response.status).toBe(400)
    expect(Object.keys((await response.json()) as object)).toContain('message')
  })

  it('that are gone leave what they marked', async () => {
    const world = await createWorld({ settings })
    await world.point('acme/app', { v1: await world.image('acme/app') })
    const { uuid } = (await (await add(world, bases.repository, { tagPattern: 'v.*' })).json()) as { uuid: string }
    await world.arrange('alice', `DELETE ${bases.repository}${uuid}`)
    expect(await immutableNames(world)).toEqual(['v1'])
  })
})

describe.skipIf(onLibsql)('a policy over many tags', () => {
  it('is carried out in steps that can stop anywhere, and counts each tag once', async () => {
    const world = await createWorld({ settings })
    await seedTags(world, 'acme/app', 2500)
    await seedTags(world, 'acme/pub', 700)
    await add(world, bases.organization, { tagPattern: 'none' })
    await world.store.run("update immutability_policy set applied_to = '[0,\"\"]', pattern = 't.*'" as never)
    const [[policy]] = await world.store.batch([pendingPolicies(world.store, 1)])
    if (!policy) throw new Error('no pending policy')
    await applyPolicy(world.services, policy, { tags: 1000, steps: 2 })
    expect(await immutableNames(world)).toHaveLength(2000)
    // Whoever has stale news does nothing.
    await applyPolicy(world.services, policy, { tags: 1000, steps: 2 })
    expect(await immutableNames(world)).toHaveLength(2000)
    world.meter.reset()
    await applyPolicies(world.services)
    expect(world.meter.rowsRead).toBeLessThan(1200 * 25)
    expect([(await immutableNames(world)).length, (await immutableNames(world, 'acme/pub')).length]).toEqual([
      2500, 700,
    ])
    const events = (await world.events()).filter(({ kind }) => kind === 'tags_made_immutable_by_policy')
    expect(events.map(({ metadata }) => metadata.count)).toEqual([3200])
  })
})
