import { describe, expect, it } from 'vitest'
import { quayEndpoints } from '../../../../src/dialects/quay/index.ts'
import { Browser } from '../../../support/browser.ts'
import { createWorld, password } from '../../../support/world.ts'

const settings = { FEATURE_MAILING: true, FEATURE_SUPERUSER_CONFIGDUMP: true }
const routes = quayEndpoints.map(({ route }) => route)
const fresh = routes.filter((route) => 'x-requires-fresh-login' in route)
const nameOf = ({ operationId }: { operationId?: string }) => operationId ?? ''

describe('a fresh login', () => {
  it('is wanted by what Quay wants it for', () => {
    const superusers = routes.filter(({ path }) => /^\/superusers?\//.test(path)).map(nameOf)
    const without = ['listServiceKeys', 'getServiceKey']
    expect(fresh.map(nameOf).sort()).toEqual(
      [
        ...superusers.filter((name) => !without.includes(name)),
        ...['changeUserDetails', 'deleteCurrentUser', 'deleteAdminedOrganization'],
        ...['createAppToken', 'getAppToken', 'revokeAppToken'],
        ...['createGlobalMessage', 'deleteGlobalMessage'],
      ].sort(),
    )
  })

  it('is wanted of browsers before the body is looked at, and not of tokens', async () => {
    const world = await createWorld({ settings })
    const browser = new Browser(world)
    await browser.signIn('admin')
    await world.arrange('admin', ['POST /api/v1/organization/', { name: 'own' }])
    world.tick(10 * 60 * 1000 + 1)
    const before = (await world.events()).length
    for (const { operationId, method, path } of fresh) {
      const filled = path.replace('{orgname}', 'own').replace(/\{\w+\}/g, 'x')
      const body = method === 'get' ? undefined : {}
      const stale = await browser.request(method.toUpperCase(), `/api/v1${filled}`, body)
      expect([operationId, stale.status, await stale.json()]).toMatchObject([
        operationId,
        401,
        { error_type: 'fresh_login_required', error_message: 'Requires fresh login' },
      ])
      if (method !== 'get') continue
      const byToken = await world.as('admin').request('GET', `/api/v1${filled}`)
      expect([operationId, byToken.status]).not.toEqual([operationId, 401])
    }
    expect(await world.events()).toHaveLength(before)
    expect((await browser.request('POST', '/api/v1/signin/verify', { password })).status).toBe(200)
    expect((await browser.request('GET', '/api/v1/superuser/users/')).status).toBe(200)
  })

  it('is told to who asks for the document of consoles', async () => {
    const world = await createWorld()
    type Document = { paths: Record<string, Record<string, Record<string, unknown>>> }
    const of = async (query: string) =>
      (await world.as('nobody').get<Document>(`/api/v1/discovery${query}`)).paths['/api/v1/user/apptoken']?.post
    expect((await of('?internal=true'))?.['x-requires-fresh-login']).toBe(true)
    expect(await of('')).not.toHaveProperty('x-requires-fresh-login')
  })
})
