import { describe, expect, it } from 'vitest'
import { dropExpiredCredentials } from '../../src/jobs/dropExpiredCredentials.ts'
import { appToken, authorizationCode, emailCode } from '../../src/store/schema.ts'
import { createWorld } from '../support/world.ts'

const dayMilliseconds = 24 * 60 * 60 * 1000

describe('dropExpiredCredentials', () => {
  it('takes app-specific tokens away a day after their end, and no other', async () => {
    const world = await createWorld({ settings: { APP_SPECIFIC_TOKEN_EXPIRATION: '1h' } })
    const { store } = world
    await world.arrange('dave', ['POST /api/v1/user/apptoken', { title: 'ends' }])
    await store.batch([
      store.insert(appToken).values({
        uuid: crypto.randomUUID(),
        accountId: world.ids.dave,
        title: 'never ends',
        lookup: 'x',
        encryptedSecret: '',
        createdAt: world.clock.now,
        expiresAt: null,
      }),
    ])
    const titles = async () => {
      await dropExpiredCredentials(world.services)
      const [rows] = await store.batch([store.select().from(appToken).orderBy(appToken.id)])
      return rows.map(({ title }) => title)
    }
    world.tick(60 * 60 * 1000 + dayMilliseconds - 1)
    expect(await titles()).toEqual(['ends', 'never ends'])
    world.tick(1)
    expect(await titles()).toEqual(['never ends'])
    expect((await world.events()).map(({ kind }) => kind)).toEqual(['create_app_specific_token'])
  })

  it('takes codes away that nobody came back with', async () => {
    const world = await createWorld()
    const { store, clock } = world
    const common = { lookup: 'x', secretHash: 'x', accountId: world.ids.dave, createdAt: clock.now }
    await store.batch([
      store
        .insert(authorizationCode)
        .values({ ...common, applicationId: world.ids.application, scope: 'repo:read', redirectUri: '' }),
      store.insert(emailCode).values({ ...common, purpose: 'confirm', email: 'dave@example.com' }),
    ])
    const left = async () => {
      await dropExpiredCredentials(world.services)
      const rows = await store.batch([store.select().from(authorizationCode), store.select().from(emailCode)])
      return rows.map(({ length }) => length)
    }
    world.tick(8 * dayMilliseconds)
    expect(await left()).toEqual([1, 1])
    world.tick(1)
    expect(await left()).toEqual([0, 0])
  })

  it('reads what it takes away, however much there is', async () => {
    const world = await createWorld()
    const { store } = world
    const rows = Array.from({ length: 300 }, (_, i) => ({
      uuid: `${i}`,
      accountId: world.ids.dave,
      title: '',
      lookup: `${i}`,
      encryptedSecret: '',
      createdAt: world.clock.now,
      expiresAt: i % 2 === 0 ? null : new Date(world.clock.now.getTime() + dayMilliseconds),
    }))
    await store.batch(rows.map((row) => store.insert(appToken).values(row)))
    world.meter.reset()
    await dropExpiredCredentials(world.services)
    expect(world.meter.roundTrips).toBe(1)
    expect(world.meter.rowsRead).toBeLessThanOrEqual(5)
  })
})
