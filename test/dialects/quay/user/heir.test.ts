import { describe, expect, it } from 'vitest'
import { purgeDeleted } from '../../../../src/jobs/purgeDeleted.ts'
import { Browser } from '../../../support/browser.ts'
import { basic, bytesOf, pushImage } from '../../../support/push.ts'
import { digestOf } from '../../../support/seedImage.ts'
import { createWorld, everyScope, type World } from '../../../support/world.ts'

type Login = Record<string, string>
const service = 'registry.test'

/** Everything by which somebody could act as dave, or as his robot, or in his organization. */
async function loginsOf(world: World): Promise<Record<string, Login>> {
  const dave = world.as('dave')
  const browser = new Browser(world)
  await browser.signIn('dave')
  await world.arrange('dave', ['POST /api/v1/organization/', { name: 'dunder' }])
  const json = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T
  const { token: app } = await json<{ token: { token_code: string } }>(
    dave.request('POST', '/api/v1/user/apptoken', { title: 'laptop' }),
  )
  const own = await json<{ token: string }>(dave.request('PUT', '/api/v1/user/robots/bot'))
  const robot = await json<{ token: string }>(dave.request('PUT', '/api/v1/organization/dunder/robots/bot'))
  const application = await json<{ client_id: string }>(
    dave.request('POST', '/api/v1/organization/dunder/applications', { name: 'x' }),
  )
  const { token: minted } = await json<{ token: string }>(
    dave.request('POST', `/api/v1/organization/dunder/applications/${application.client_id}/tokens`, {
      name: 't',
      scope: everyScope.replaceAll(' ', ','),
    }),
  )
  for (const name of ['dave', 'dunder']) {
    await pushImage(dave, `${name}/old:v1`, { layers: ['secret of dave'] })
    const grant = `PUT /api/v1/repository/${name}/old/permissions/user/${name}+bot`
    await world.arrange('dave', [grant, { role: 'write' }])
  }
  const scope = ['dave/old', 'dunder/old'].map((path) => `&scope=repository:${path}:pull,push`).join('')
  const registry = async (login: Login) =>
    (await world.client(login).get<{ token: string }>(`/v2/auth?service=${service}${scope}`)).token
  const iam = await world.as('nobody').request('POST', '/v3/auth/tokens', {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'dave', password: 'long-enough-1', domain: { name: 'quayside' } } },
      },
      scope: { project: { name: 'quayside-1' } },
    },
  })
  const iamToken = { 'x-auth-token': iam.headers.get('x-subject-token') ?? '' }
  const { auths } = await json<{ auths: Record<string, { auth: string }> }>(
    world.client(iamToken).request('POST', '/v2/manage/utils/secret'),
  )
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const logins: Record<string, Login> = {
    'a session': { cookie: browser.cookie, 'x-csrf-token': browser.csrf ?? '' },
    'an OAuth token': bearer(world.tokens.dave),
    'a token of an application of his organization': bearer(minted),
    'his password': basic('dave', 'long-enough-1'),
    'an app-specific token': basic('$app', app.token_code),
    'an OAuth token as a password': basic('$oauthtoken', minted),
    'his robot': basic('dave+bot', own.token),
    "his organization's robot": basic('dunder+bot', robot.token),
    'an IAM token': iamToken,
    'a temporary login': { authorization: `Basic ${Object.values(auths)[0]?.auth}` },
  }
  const tokens = await Promise.all(
    ['his password', 'an app-specific token', 'his robot', "his organization's robot"].map(async (name) => [
      `a registry token, by ${name}`,
      bearer(await registry(logins[name] as Login)),
    ]),
  )
  return { ...logins, ...Object.fromEntries(tokens) }
}

describe('a name that somebody else gets', () => {
  it('opens nothing to whoever had it before, by any credential, and shows nothing of theirs', async () => {
    const world = await createWorld()
    const logins = await loginsOf(world)
    const begun = await world.as('dave').request('POST', '/v2/dave/old/blobs/uploads/')
    const upload = begun.headers.get('location') ?? ''
    await world.arrange(
      'alice',
      ['PUT /api/v1/repository/acme/app/permissions/user/dave', { role: 'admin' }],
      'PUT /api/v1/organization/acme/team/owners/members/dave',
      ['POST /api/v1/organization/acme/prototypes', { role: 'admin', delegate: { kind: 'user', name: 'dave' } }],
    )
    await world.arrange('dave', ['POST /api/v1/user/starred', { namespace: 'acme', repository: 'app' }])

    const swr = (name: string) => `/v2/manage/namespaces/${name}/repos/old/tags`
    const path = (name: string) => `/api/v1/repository/${name}/old/tag/`
    const reaches = async (login: Login) =>
      Promise.all(
        ['/v2/dave/old/tags/list', '/v2/dunder/old/tags/list', path('dave'), path('dunder'), swr('dave')].map(
          async (each) => (await world.client(login).request('GET', each)).ok,
        ),
      )
    for (const [name, login] of Object.entries(logins))
      expect([name, (await reaches(login)).some(Boolean)]).toEqual([name, true])

    const admin = new Browser(world)
    await admin.signIn('admin')
    for (const gone of ['organizations/dunder', 'users/dave'])
      expect((await admin.request('DELETE', `/api/v1/superuser/${gone}`)).status).toBe(204)
    for (let i = 0; i < 4; i++) {
      world.tick(120_000)
      await purgeDeleted(world.services)
    }
    const heir = await new Browser(world).open()
    const signUp = { username: 'dave', password: 'an-heirs-password' }
    expect((await heir.request('POST', '/api/v1/user/', signUp)).status).toBe(200)
    for (const [request, body] of [
      ['POST /api/v1/organization/', { name: 'dunder' }],
      ['PUT /api/v1/user/robots/bot', undefined],
      ['PUT /api/v1/organization/dunder/robots/bot', undefined],
      ['POST /api/v1/organization/dunder/applications', { name: 'x' }],
    ] as const) {
      const [method = '', url = ''] = request.split(' ')
      expect((await heir.request(method, url, body)).ok, request).toBe(true)
    }
    const asHeir = world.client(basic('dave', signUp.password))
    for (const each of ['dave/old', 'dunder/old'])
      await pushImage(asHeir, `${each}:v1`, { layers: ['secret of the heir'] })

    // Nobody gets in by what was given out before.
    for (const [name, login] of Object.entries(logins)) {
      expect([name, await reaches(login)]).toEqual([name, [false, false, false, false, false]])
      const write = await world.client(login).request('POST', '/v2/dave/old/blobs/uploads/')
      // A wrong password makes the next one wait.
      expect(write.status, name).toBeOneOf([401, 429])
      expect((await world.client(login).request('GET', upload)).ok).toBe(false)
    }
    world.tick(600_000)
    // Nor does the heir find anything.
    expect((await asHeir.request('GET', upload)).status).toBe(404)
    const inherited = [
      `/v2/dave/old/blobs/${await digestOf(bytesOf('secret of dave'))}`,
      '/v2/acme/app/tags/list',
      '/api/v1/repository/acme/app',
      '/api/v1/organization/acme/members',
    ]
    for (const each of inherited) {
      const answers = [await asHeir.request('GET', each), await heir.request('GET', each)]
      expect([each, answers.map(({ ok }) => ok)]).toEqual([each, [false, false]])
    }
    const lists = [
      'user/starred',
      'user/apptoken',
      'user/authorizations',
      'user/notifications',
      'user/assignedauthorization',
    ]
    for (const each of lists) {
      const answer = (await (await heir.request('GET', `/api/v1/${each}`)).json()) as Record<string, unknown>
      expect([each, Object.values(answer)[0]]).toEqual([each, []])
    }
    const history = (await (await heir.request('GET', path('dave'))).json()) as { tags: unknown[] }
    expect(history.tags).toHaveLength(1)
    const prototypes = await world.as('alice').get<{ prototypes: unknown[] }>('/api/v1/organization/acme/prototypes')
    expect(prototypes.prototypes).toEqual([])
    const log = (await (await heir.request('GET', '/api/v1/user/logs')).json()) as { logs: { kind: string }[] }
    expect(log.logs.map(({ kind }) => kind)).not.toContain('create_app_specific_token')
  })
})
