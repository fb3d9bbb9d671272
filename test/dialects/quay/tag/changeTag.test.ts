import { describe, expect, it } from 'vitest'
import type { Store } from '../../../../src/store/store.ts'
import { createWorld, type Person } from '../../../support/world.ts'

describe('changeTag', () => {
  it.each<{
    case: string
    as: Person | 'nobody'
    tag: string
    to: 'A' | 'B' | 'unknown'
    status: number
    pointsAt: 'A' | 'B' | undefined
  }>([
    { case: 'moves a tag', as: 'bob', tag: 'latest', to: 'B', status: 201, pointsAt: 'B' },
    { case: 'creates a tag', as: 'bob', tag: 'new', to: 'B', status: 201, pointsAt: 'B' },
    { case: 'moves a tag to where it is', as: 'bob', tag: 'latest', to: 'A', status: 201, pointsAt: 'A' },
    {
      case: 'refuses a manifest that the repository lacks',
      as: 'bob',
      tag: 'latest',
      to: 'unknown',
      status: 404,
      pointsAt: 'A',
    },
    { case: 'refuses a reader', as: 'carol', tag: 'latest', to: 'B', status: 403, pointsAt: 'A' },
    { case: 'refuses a stranger', as: 'dave', tag: 'latest', to: 'B', status: 403, pointsAt: 'A' },
    { case: 'refuses nobody, as a forged request', as: 'nobody', tag: 'latest', to: 'B', status: 403, pointsAt: 'A' },
  ])('$case', async ({ as, tag, to, status, pointsAt }) => {
    const world = await createWorld()
    const digests = {
      A: await world.image('acme/app', { layers: ['a'] }),
      B: await world.image('acme/app', { layers: ['b'] }),
      unknown: `sha256:${'0'.repeat(64)}`,
    }
    await world.point('acme/app', { latest: digests.A, other: digests.B })
    const before = (await world.events()).length

    const response = await world
      .as(as)
      .request('PUT', `/api/v1/repository/acme/app/tag/${tag}`, { manifest_digest: digests[to] })

    expect(response.status).toBe(status)
    const { live } = await world.tags('acme/app')
    expect(live.find((row) => row.name === tag)?.digest).toBe(pointsAt && digests[pointsAt])
    expect((await world.events()).length - before).toBe(status === 201 ? 1 : 0)
  })

  it('points at no manifest that is deleted between its look and its change', async () => {
    const world = await createWorld()
    const A = await world.image('acme/app', { layers: ['a'] })
    const B = await world.image('acme/app', { layers: ['b'] })
    await world.point('acme/app', { latest: A, other: B })
    let batches = 0
    const batch: Store['batch'] = async (statements) => {
      if (++batches === 2) await world.as('alice').request('DELETE', `/v2/acme/app/manifests/${B}`)
      return world.store.batch(statements)
    }
    const store = Object.assign(Object.create(world.store), { batch })
    const late = world.client(world.as('bob').identity, { ...world.services, store })
    const { status } = await late.request('PUT', '/api/v1/repository/acme/app/tag/latest', { manifest_digest: B })
    expect(status).toBe(404)
    const { live } = await world.tags('acme/app')
    expect(live.map(({ name, digest }) => [name, digest])).toEqual([['latest', A]])
    expect((await world.events()).map(({ kind }) => kind)).not.toContain('move_tag')
  })
})
