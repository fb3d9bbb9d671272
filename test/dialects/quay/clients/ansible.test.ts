import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { follow, fullClient, type Step } from '../../../support/follow.ts'
import { createWorld, origin, type Person } from '../../../support/world.ts'

const at = '/api/v1'
const ofAcme = '/organization/acme'
const json = { 'content-type': 'application/json' }

/**
 * The modules of infra.quay_configuration, as far as they go without a playbook: what each sends, and the keys by which
 * it finds the second time that there is nothing to do. All of it aborts on a 401, 403, 405 or 5xx.
 */
const modules: { module: string; as: Person; steps: Step[] }[] = [
  {
    module: 'quay_user',
    as: 'admin',
    steps: [
      ['GET /superuser/users/kim', 404],
      ['POST /superuser/users/', 200, { username: 'kim' }, { username: 'kim', email: 'kim@example.com' }],
      ['PUT /superuser/users/kim', 200, {}, { superuser: false, enabled: false, email: 'k@example.com' }],
      ['GET /superuser/users/kim', 200, { super_user: false, enabled: false, email: 'k@example.com' }],
      // Only enabled users can be deleted, the module believes.
      ['PUT /superuser/users/kim', 200, {}, { enabled: true, superuser: false }],
      ['DELETE /superuser/users/kim', 204],
      ['GET /superuser/users/kim', 404],
    ],
  },
  {
    module: 'quay_organization',
    as: 'admin',
    steps: [
      ['GET /organization/forge', 404],
      ['POST /organization/', 201, 'Created', { name: 'forge', email: 'forge@example.com' }],
      ['PUT /organization/forge', 200, {}, { tag_expiration_s: 604_800, email: 'f@example.com' }],
      ['GET /organization/forge', 200, { tag_expiration_s: 604_800, email: 'f@example.com', teams: {} }],
      ['PUT /superuser/organizations/forge', 200, {}, { name: 'mill' }],
      ['GET /organization/mill', 200, { name: 'mill' }],
      ['DELETE /organization/mill', 204],
      ['GET /organization/mill', 404],
    ],
  },
  {
    module: 'quay_team',
    as: 'alice',
    steps: [
      [`PUT ${ofAcme}/team/smiths`, 200, {}, { name: 'smiths', role: 'creator', description: 'forge' }],
      [`GET ${ofAcme}`, 200, { teams: { smiths: { name: 'smiths', role: 'creator', description: 'forge' } } }],
      [`PUT ${ofAcme}/team/smiths/members/bob`, 200, {}, {}],
      [`GET ${ofAcme}/team/smiths/members?includePending=True`, 200, { members: [{ name: 'bob' }] }],
      [`DELETE ${ofAcme}/team/smiths/members/bob`, 204],
      [`PUT ${ofAcme}/team/smiths`, 200, {}, { role: 'member' }],
      [`DELETE ${ofAcme}/team/smiths`, 204],
      [`DELETE ${ofAcme}/team/smiths`, 400],
    ],
  },
  {
    module: 'quay_robot',
    as: 'alice',
    steps: [
      [`GET ${ofAcme}/robots/bot`, 400],
      [`PUT ${ofAcme}/robots/bot`, 201, { name: 'acme+bot' }, { description: 'builds' }],
      [
        `POST ${ofAcme}/robots/bot/federation`,
        200,
        undefined,
        JSON.stringify([{ issuer: 'https://issuer.example.com', subject: 'a', isExpanded: false }]),
      ],
      [`GET ${ofAcme}/robots/bot/federation`, 200, [{ issuer: 'https://issuer.example.com', subject: 'a' }]],
      [`GET ${ofAcme}/robots/bot`, 200, { name: 'acme+bot', description: 'builds' }],
      [`DELETE ${ofAcme}/robots/bot`, 204],
      // Without the name of an organization it is the caller's own.
      ['GET /organization/alice', 404],
      ['GET /user/robots/alice', 400],
      ['GET /entities/alice?includeOrgs=False&includeTeams=False', 200, { results: [{ name: 'alice', kind: 'user' }] }],
      ['PUT /user/robots/bot', 201, { name: 'alice+bot' }, {}],
      ['GET /user/robots/bot', 200, { name: 'alice+bot' }],
    ],
  },
  {
    module: 'quay_default_perm',
    as: 'alice',
    steps: [
      [
        `POST ${ofAcme}/prototypes`,
        200,
        {},
        { delegate: { name: 'bob', kind: 'user' }, role: 'read', activating_user: { name: 'carol' } },
      ],
      [`POST ${ofAcme}/prototypes`, 200, {}, { delegate: { name: 'writers', kind: 'team' }, role: 'write' }],
      [
        `GET ${ofAcme}/prototypes`,
        200,
        {
          prototypes: expect.arrayContaining([
            expect.objectContaining({
              delegate: expect.objectContaining({ name: 'bob', kind: 'user' }),
              activating_user: expect.objectContaining({ name: 'carol' }),
              role: 'read',
            }),
            expect.objectContaining({
              delegate: expect.objectContaining({ name: 'writers', kind: 'team' }),
              activating_user: null,
              role: 'write',
            }),
          ]),
        },
      ],
    ],
  },
  {
    module: 'quay_repository',
    as: 'alice',
    steps: [
      ['GET /repository/acme/tools/tongs', 404],
      [
        'POST /repository',
        201,
        {},
        {
          namespace: 'acme',
          repository: 'tools/tongs',
          repo_kind: 'image',
          description: '',
          visibility: 'private',
        },
      ],
      ['PUT /repository/acme/tools/tongs', 200, {}, { description: 'Long' }],
      ['POST /repository/acme/tools/tongs/changevisibility', 200, {}, { visibility: 'public' }],
      ['PUT /repository/acme/tools/tongs/changestate', 200, {}, { state: 'READ_ONLY' }],
      ['POST /user/starred', 201, {}, { namespace: 'acme', repository: 'tools/tongs' }],
      [
        'GET /repository/acme/tools/tongs',
        200,
        { description: 'Long', is_public: true, is_starred: true, state: 'READ_ONLY' },
      ],
      ['PUT /repository/acme/tools/tongs/permissions/team/writers', 200, {}, { role: 'write' }],
      [
        'GET /repository/acme/tools/tongs/permissions/team/',
        200,
        { permissions: { writers: { name: 'writers', role: 'write' } } },
      ],
      ['PUT /repository/acme/tools/tongs/permissions/user/bob', 200, {}, { role: 'read' }],
      [
        'GET /repository/acme/tools/tongs/permissions/user/',
        200,
        { permissions: { bob: { name: 'bob', role: 'read' } } },
      ],
      ['DELETE /repository/acme/tools/tongs/permissions/user/bob', 204],
      ['DELETE /user/starred/acme/tools/tongs', 204],
      ['DELETE /repository/acme/tools/tongs', 204],
    ],
  },
  {
    module: 'quay_message',
    as: 'admin',
    steps: [
      ['POST /messages', 201, undefined, { message: { content: 'Hello', severity: 'info', media_type: 'text/plain' } }],
      [
        'GET /messages',
        200,
        { messages: [{ content: 'Hello', severity: 'info', media_type: 'text/plain', uuid: expect.any(String) }] },
      ],
    ],
  },
]

describe('what a module of infra.quay_configuration counts on', () => {
  it.each(modules)('$module', async ({ as, steps }) => {
    const world = await createWorld({ settings: { FEATURE_REPO_MIRROR: true } })
    await follow(await fullClient(world, as), steps, { ...json, accept: 'application/json' })
  })

  it('quay_application', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const given = { name: 'anvil', description: 'Heavy', redirect_uri: '', application_uri: 'http://a.example.com' }
    const path = `${at}${ofAcme}/applications`
    const made = (await (await alice.request('POST', path, given)).json()) as { client_id: string }
    const list = async () => (await alice.get<{ applications: object[] }>(path)).applications
    expect(await list()).toContainEqual(expect.objectContaining({ ...given, avatar_email: null }))
    const revised = { ...given, name: 'sledge', avatar_email: 'a@example.com' }
    await follow(alice, [[`PUT ${ofAcme}/applications/${made.client_id}`, 200, revised, revised]])
    expect(await list()).toContainEqual(expect.objectContaining(revised))
  })

  it('quay_docker_token', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    await follow(alice, [['POST /user/apptoken', 200, { token: { title: 'laptop' } }, { title: 'laptop' }]])
    const { tokens } = await alice.get<{ tokens: { title: string; uuid: string }[] }>(`${at}/user/apptoken`)
    expect(tokens).toMatchObject([{ title: 'laptop' }])
    const uuid = tokens[0]?.uuid
    await follow(alice, [
      [`GET /user/apptoken/${uuid}`, 200, { token: { title: 'laptop', token_code: expect.any(String) } }],
      [`DELETE /user/apptoken/${uuid}`, 204],
      [`DELETE /user/apptoken/${uuid}`, 404],
    ])
  })

  it('quay_tag and quay_tag_info', async () => {
    const world = await createWorld()
    const digest = await world.image('acme/app')
    await world.point('acme/app', { v1: digest })
    const expiration = Math.floor(world.clock.now.getTime() / 1000) + 86_400
    const only = (tag: string) => `/repository/acme/app/tag/?onlyActiveTags=True&limit=100&specificTag=${tag}&page=1`
    await follow(world.as('alice'), [
      [`GET ${only('v1')}`, 200, { tags: [{ name: 'v1', manifest_digest: digest }], has_additional: false }],
      ['PUT /repository/acme/app/tag/stable', 201, undefined, { manifest_digest: digest }],
      ['PUT /repository/acme/app/tag/stable', 201, undefined, { expiration }],
      [`GET ${only('stable')}`, 200, { tags: [{ manifest_digest: digest, end_ts: expiration }] }],
      ['DELETE /repository/acme/app/tag/stable', 204],
      ['DELETE /repository/acme/app/tag/stable', 404],
    ])
  })

  it('a name and a password', async () => {
    const world = await createWorld()
    const browser = new Browser(world)
    expect((await browser.signIn('alice')).headers.get('x-next-csrf-token')).toBeTruthy()
    // One token from the sign-in is sent with everything that follows.
    const csrf = browser.csrf ?? ''
    const robot = (name: string) => browser.request('PUT', `${at}/user/robots/${name}`, {}, { 'x-csrf-token': csrf })
    expect((await robot('one')).status).toBe(201)
    expect((await robot('two')).status).toBe(201)
    await follow(browser, [
      ['GET /user/', 200, { username: 'alice' }],
      ['POST /signout', 200],
      ['GET /user/', 401],
    ])
  })

  it('quay_api_token', async () => {
    const world = await createWorld()
    const made = await world.as('alice').request('POST', `${at}${ofAcme}/applications`, { name: 'tool' })
    const { client_id } = (await made.json()) as { client_id: string }
    const browser = new Browser(world)
    await browser.signIn('alice')
    const fields = {
      response_type: 'token',
      client_id,
      redirect_uri: `${origin}/oauth/localapp`,
      scope: 'repo:read user:admin',
    }
    // Asks for JSON with all of its headers, though it sends a form.
    const response = await browser.submit('/oauth/authorizeapp', fields, { 'x-csrf-token': browser.csrf ?? '' })
    expect(response.status).toBe(302)
    const [, token] = /access_token=(.*?)&/.exec(response.headers.get('location') ?? '') ?? []
    await follow(world.client({ authorization: `Bearer ${token}` }), [['GET /user/', 200, { username: 'alice' }]])
    const assigned = new URLSearchParams({ ...fields, username: 'bob' })
    expect((await browser.request('POST', `/oauth/authorize/assignuser?${assigned}`, undefined, json)).status).toBe(200)
  })
})
