import { describe, expect, it } from 'vitest'
import { purgeDeleted } from '../../../../src/jobs/purgeDeleted.ts'
import { account } from '../../../../src/store/schema.ts'
import { Browser } from '../../../support/browser.ts'
import { createWorld, password, type World } from '../../../support/world.ts'

const users = '/api/v1/superuser/users/'
const organizations = '/api/v1/superuser/organizations/'

const remaining = async (world: World) =>
  (await world.store.batch([world.store.select({ username: account.username, kind: account.kind }).from(account)]))[0]

describe('deleting an organization', () => {
  it('takes everything away at once that acts for it, and keeps its name from others until it is collected', async () => {
    const world = await createWorld()
    const digest = await world.image('acme/pub', { layers: ['a'] })
    await world.point('acme/pub', { latest: digest })
    await world.as('carol').request('POST', '/api/v1/user/starred', { namespace: 'acme', repository: 'pub' })
    expect((await world.as('nobody').request('GET', '/api/v1/repository/acme/pub/tag/')).status).toBe(200)

    const response = await world.as('admin').request('DELETE', `${organizations}acme`)
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')

    for (const path of ['/api/v1/organization/acme', '/api/v1/repository/acme/pub/tag/']) {
      expect((await world.client({}).request('GET', path)).status, path).toBeOneOf([401, 404])
    }
    // The test's tokens are those of an application of acme.
    expect((await world.as('alice').request('GET', '/api/v1/user/')).status).toBe(401)
    const alice = new Browser(world)
    await alice.signIn('alice')
    expect(
      ((await (await alice.request('GET', '/api/v1/user/')).json()) as { organizations: [] }).organizations,
    ).toEqual([])
    expect(await (await alice.request('POST', '/api/v1/organization/', { name: 'acme' })).json()).toMatchObject({
      error_message: 'Username is not available',
    })
    const events = (await world.events()).filter(({ kind }) => kind === 'org_delete')
    expect(events).toMatchObject([{ namespaceId: world.ids.acme, metadata: { namespace: 'acme' } }])
  })

  it('is told once: afterwards there is nothing to delete', async () => {
    const world = await createWorld()
    const browser = new Browser(world)
    await browser.signIn('admin')
    expect((await browser.request('DELETE', `${organizations}acme`)).status).toBe(204)
    expect((await browser.request('DELETE', `${organizations}acme`)).status).toBe(404)
    expect((await browser.request('DELETE', `${organizations}nosuch`)).status).toBe(404)
    expect((await world.events()).filter(({ kind }) => kind === 'org_delete')).toHaveLength(1)
  })
})

describe('deleting a user', () => {
  it('kills sessions and tokens, and keeps the name from others until it is collected', async () => {
    const world = await createWorld()
    const [dave, admin] = [new Browser(world), new Browser(world)]
    await dave.signIn('dave')
    await admin.signIn('admin')
    expect((await admin.request('DELETE', `${users}dave`)).status).toBe(204)

    expect((await dave.request('GET', '/api/v1/user/')).status).toBe(401)
    expect((await world.as('dave').request('GET', '/api/v1/user/')).status).toBe(401)
    expect((await new Browser(world).signIn('dave')).status).toBe(403)
    expect((await new Browser(world).signIn('dave@example.com')).status).toBe(403)
    expect((await world.client({}).request('GET', '/api/v1/users/dave')).status).toBe(404)
    expect((await admin.request('GET', `${users}dave`)).status).toBe(404)
    const again = await admin.request('POST', users, { username: 'dave' })
    expect([again.status, await again.json()]).toEqual([400, { message: 'Username is not available' }])
    expect(await world.events()).toContainEqual(
      expect.objectContaining({
        kind: 'user_delete',
        namespaceId: world.ids.dave,
        metadata: expect.objectContaining({ username: 'dave' }),
      }),
    )
    const names = (await remaining(world)).map(({ username }) => username)
    expect(names).not.toContain('dave')
  })

  it('refuses the only admin of organizations, until they are gone', async () => {
    const world = await createWorld()
    const [alice, admin] = [new Browser(world), new Browser(world)]
    await alice.signIn('alice')
    await admin.signIn('admin')
    await alice.request('POST', '/api/v1/organization/', { name: 'zebra' })
    const refused = await alice.request('DELETE', '/api/v1/user/')
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { message: 'Cannot delete alice as you are the only admin for organizations: acme, zebra' },
    ])
    await admin.request('DELETE', `${organizations}acme`)
    expect((await alice.request('DELETE', '/api/v1/user/')).status).toBe(400)
    await admin.request('DELETE', `${organizations}zebra`)
    expect((await alice.request('DELETE', '/api/v1/user/')).status).toBe(204)
    expect((await new Browser(world).signIn('alice')).status).toBe(403)
  })

  it('is forced by a superuser, but never on a superuser', async () => {
    const world = await createWorld()
    const admin = new Browser(world)
    await admin.signIn('admin')
    expect((await admin.request('DELETE', `${users}alice`)).status).toBe(204)
    const refused = await admin.request('DELETE', `${users}admin`)
    expect([refused.status, await refused.json()]).toMatchObject([400, { error_message: 'Cannot delete a superuser' }])
  })

  it('deletes one that is disabled too', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    await admin.request('PUT', `${users}dave`, { enabled: false })
    expect((await admin.request('DELETE', `${users}dave`)).status).toBe(204)
    expect((await admin.request('GET', `${users}dave`)).status).toBe(404)
  })

  it('wants a fresh login of a browser', async () => {
    const world = await createWorld()
    const dave = new Browser(world)
    await dave.signIn('dave')
    world.tick(10 * 60 * 1000 + 1)
    const stale = await dave.request('DELETE', '/api/v1/user/')
    expect([stale.status, await stale.json()]).toMatchObject([401, { error_type: 'fresh_login_required' }])
    expect((await dave.request('POST', '/api/v1/signin/verify', { password })).status).toBe(200)
    expect((await dave.request('DELETE', '/api/v1/user/')).status).toBe(204)
  })
})

describe('a name that was deleted', () => {
  it.each([
    { of: 'a user', name: 'dave', path: `${users}dave` },
    { of: 'an organization', name: 'acme', path: `${organizations}acme` },
  ])('of $of is free once all is collected, and whoever gets it inherits nothing', async ({ name, path }) => {
    const world = await createWorld()
    const [admin, dave] = [new Browser(world), new Browser(world)]
    await admin.signIn('admin')
    await dave.signIn('dave')
    // What hangs on a user, and on an organization.
    const digest = await world.image('acme/app', { layers: ['a'] })
    await world.point('acme/app', { latest: digest })
    await dave.request('POST', '/api/v1/user/apptoken', { title: 'laptop' })
    await dave.request('POST', '/api/v1/user/starred', { namespace: 'acme', repository: 'pub' })
    await dave.request('PUT', '/api/v1/user/robots/builder', {})
    const alice = world.as('alice')
    await alice.request('PUT', '/api/v1/repository/acme/app/permissions/user/dave', { role: 'admin' })
    await alice.request('PUT', '/api/v1/organization/acme/team/readers/members/dave', {})
    await alice.request('PUT', '/api/v1/organization/acme/robots/builder', {})
    const prototype = { role: 'read', delegate: { name: 'dave', kind: 'user' } }
    await alice.request('POST', '/api/v1/organization/acme/prototypes', prototype)

    expect((await admin.request('DELETE', path)).status).toBe(204)
    const signUp = { username: name, password: 'another-password' }
    const taken = await (await new Browser(world).open()).request('POST', '/api/v1/user/', signUp)
    expect(await taken.json()).toMatchObject({ error_message: 'Username is not available' })

    for (let i = 0; i < 3; i++) {
      world.tick(120_000)
      await purgeDeleted(world.services)
    }
    expect((await remaining(world)).map(({ username }) => username)).not.toContain(`${name}+builder`)
    const heir = await new Browser(world).open()
    expect((await heir.request('POST', '/api/v1/user/', signUp)).status).toBe(200)
    const user = (await (await heir.request('GET', '/api/v1/user/')).json()) as { organizations: unknown[] }
    expect(user.organizations).toEqual([])
    const own = [
      ['/api/v1/user/robots', 'robots'],
      ['/api/v1/user/apptoken', 'tokens'],
      ['/api/v1/user/authorizations', 'authorizations'],
    ] as const
    for (const [list, key] of own) {
      expect(((await (await heir.request('GET', list)).json()) as Record<string, unknown>)[key], list).toEqual([])
    }
    expect((await world.as('dave').request('GET', '/api/v1/user/')).status).toBe(401)
    expect((await heir.request('GET', '/api/v1/repository/acme/app/tag/')).status).toBeOneOf([403, 404])
  })
})
