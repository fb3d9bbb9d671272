import { describe, expect, it } from 'vitest'
import { follow, fullClient, type Step } from '../../../support/follow.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const at = '/api/v1'
const ofAcme = '/organization/acme'
const json = { 'content-type': 'application/json' }

/** Clients, as their sources have it. */
const others: { client: string; as: Person; headers?: Record<string, string>; steps: Step[] }[] = [
  {
    // Generated for Go: a slash inside a parameter is sent as %2F, errors may hold only the six known keys.
    client: 'the Terraform provider',
    as: 'alice',
    steps: [
      ['POST /repository', 201, {}, { namespace: 'acme', repository: 'one', visibility: 'private', description: '' }],
      ['GET /repository/acme%2Fone', 200, { name: 'one', namespace: 'acme', description: '', is_public: false }],
      ['PUT /repository/acme%2Fone', 200, {}, { description: 'two' }],
      ['POST /repository/acme%2Fone/changevisibility', 200, {}, { visibility: 'public' }],
      ['PUT /repository/acme%2Fone/permissions/team/readers', 200, {}, { role: 'admin' }],
      ['GET /repository/acme%2Fone/permissions/team/readers', 200, { role: 'admin' }],
      ['DELETE /repository/acme%2Fone/permissions/team/readers', 204],
      [`PUT ${ofAcme}/team/readers/members/dave`, 200, { name: 'dave' }],
      [`GET ${ofAcme}/team/readers/members`, 200, { members: [{ name: 'carol' }, { name: 'dave' }], can_edit: true }],
      [
        `GET ${ofAcme}`,
        200,
        { teams: { readers: { role: 'member', description: '', repo_count: 2, member_count: 2, is_synced: false } } },
      ],
      [`PUT ${ofAcme}/robots/bot`, 201, { token: expect.any(String), description: '' }, { description: '' }],
      [`GET ${ofAcme}/robots/bot`, 200, { token: expect.any(String), description: '', last_accessed: null }],
      ['DELETE /repository/acme%2Fone', 204],
    ],
  },
  {
    // Compares whole messages.
    client: 'qontract-reconcile',
    as: 'alice',
    headers: json,
    steps: [
      ['GET /repository?namespace=acme', 200, { repositories: [{ name: 'app' }, { name: 'pub' }] }],
      [`DELETE ${ofAcme}/team/readers/members/bob`, 400, { message: 'User bob does not belong to team readers' }],
      [`DELETE ${ofAcme}/members/bob`, 204],
      [`PUT ${ofAcme}/team/readers/members/dave`, 200],
      [`PUT ${ofAcme}/team/fresh`, 200, {}, { role: 'member' }],
      ['GET /repository/acme/app/permissions/team/fresh', 400, { message: 'Team does not have permission for repo.' }],
      [`PUT ${ofAcme}/robots/bot`, 201, {}, { description: 'a bot' }],
      ['PUT /repository/acme/app/permissions/user/acme+bot', 200, {}, { role: 'write' }],
      [
        `GET ${ofAcme}/robots?permissions=true`,
        200,
        { robots: [{ name: 'acme+bot', description: 'a bot', teams: [], repositories: ['app'] }] },
      ],
      [`GET ${ofAcme}/robots/bot/permissions`, 200, { permissions: [{ role: 'write', repository: { name: 'app' } }] }],
      ['DELETE /repository/acme/app/permissions/user/acme+bot', 204],
      ['GET /users/nosuch', 404],
      ['GET /users/bob', 200],
    ],
  },
  {
    // Says that it sends JSON where it sends nothing.
    client: 'the Konflux image controller',
    as: 'alice',
    headers: json,
    steps: [
      ['POST /repository', 201, {}, { namespace: 'acme', repository: 'one', visibility: 'public', description: 'd' }],
      [
        'POST /repository',
        400,
        { error_message: 'Repository already exists' },
        { namespace: 'acme', repository: 'one', visibility: 'public', description: 'd' },
      ],
      ['POST /repository/acme/one/changevisibility', 200, {}, { visibility: 'private' }],
      [`GET ${ofAcme}/robots/bot`, 400, { message: 'Could not find robot with specified username' }],
      [`PUT ${ofAcme}/robots/bot`, 201, {}, { description: 'Robot account for a component' }],
      [
        `PUT ${ofAcme}/robots/bot`,
        400,
        { error_message: 'Existing robot with name: acme+bot' },
        { description: 'again' },
      ],
      [`POST ${ofAcme}/robots/bot/regenerate`, 200, { token: expect.any(String) }],
      ['PUT /repository/acme/one/permissions/user/acme+bot', 200, {}, { role: 'write' }],
      [
        'GET /repository/acme/one/permissions/user',
        200,
        { permissions: { 'acme+bot': { role: 'write', is_robot: true, is_org_member: true } } },
      ],
      [`GET ${ofAcme}/team/fresh/members`, 404],
      [`PUT ${ofAcme}/team/fresh`, 200, {}, { role: 'member' }],
      [`PUT ${ofAcme}/team/fresh/members/bob`, 200],
      [`PUT ${ofAcme}/team/fresh/members/nosuch`, 400],
      ['PUT /repository/acme/one/permissions/team/fresh', 200, {}, { role: 'read' }],
      [
        `GET ${ofAcme}/team/fresh/permissions`,
        200,
        { permissions: [{ repository: { name: 'one', is_public: false }, role: 'read' }] },
      ],
      ['GET /repository?last_modified=true&namespace=acme', 200, { repositories: [{}, {}, { name: 'one' }] }],
      ['GET /repository/acme/one/tag/?page=1', 200, { tags: [], page: 1, has_additional: false }],
      ['DELETE /repository/acme/one/tag/nosuch', 404],
      ['DELETE /repository/acme/one/permissions/user/acme+bot', 204],
      [
        'DELETE /repository/acme/one/permissions/user/acme+bot',
        400,
        { error_message: 'User does not have permission for repo.' },
      ],
      [`DELETE ${ofAcme}/team/fresh`, 204],
      [`DELETE ${ofAcme}/robots/bot`, 204],
      ['DELETE /repository/acme/one', 204],
      ['GET /repository/acme/one', 404],
    ],
  },
  {
    client: 'the OpenShift bridge operator',
    as: 'alice',
    steps: [
      // Asked without the slash, which must not be a detour that loses the token.
      ['GET /user', 200, { username: 'alice', organizations: [{ name: 'acme' }] }],
      ['GET /organization/openshift-one', 404, {}],
      ['POST /organization/', 201, 'Created', { name: 'openshift-one', email: 'openshift-one@example.com' }],
      ['GET /organization/openshift-one/robots/builder', 400, {}],
      ['PUT /organization/openshift-one/robots/builder', 201, { name: 'openshift-one+builder' }],
      ['GET /organization/openshift-one/prototypes', 200, { prototypes: [] }],
      [
        'POST /organization/openshift-one/prototypes',
        200,
        { role: 'write', delegate: { name: 'openshift-one+builder', is_robot: true, is_org_member: true } },
        {
          id: '',
          role: 'write',
          delegate: { kind: 'user', name: 'openshift-one+builder', is_robot: true, is_org_member: true },
        },
      ],
      ['GET /repository/openshift-one/stream', 404, {}],
      [
        'POST /repository',
        201,
        { namespace: 'openshift-one' },
        {
          namespace: 'openshift-one',
          visibility: 'private',
          repository: 'stream',
          description: '',
          repo_kind: 'image',
        },
      ],
      ['DELETE /organization/openshift-one', 204],
    ],
  },
  {
    client: 'a Quay that mirrors from here',
    as: 'alice',
    steps: [
      ['GET /user/', 200, { username: 'alice' }],
      ['GET /repository?namespace=acme', 200, { repositories: [{ name: 'app' }, { name: 'pub' }] }],
      ['GET /repository?namespace=acme&public=true', 200, { repositories: [{ name: 'app' }, { name: 'pub' }] }],
    ],
  },
  {
    client: 'the quay adapter of Harbor',
    as: 'alice',
    steps: [
      ['GET /organization/harbor', 404],
      ['POST /organization/', 201, 'Created', { name: 'harbor', email: 'harbor@quay.io' }],
      ['GET /organization/harbor', 200, { name: 'harbor' }],
    ],
  },
]

describe('what is counted on by', () => {
  it.each(others)('$client', async ({ as, headers = {}, steps }) => {
    const world = await createWorld()
    await follow(await fullClient(world, as), steps, headers)
  })

  it('Renovate, of images that it sees and of those that it does not', async () => {
    const world = await createWorld()
    await world.point('acme/pub', { v1: await world.image('acme/pub') })
    const tags = (path: string) => `GET /repository/${path}/tag/?limit=100&page=1&onlyActiveTags=true`
    await follow(world.as('nobody'), [
      [tags('acme/pub'), 200, { tags: [{ name: 'v1' }], has_additional: false }],
      // Only this sends it on to /v2.
      [tags('acme/app'), 401],
      ['GET /v2/acme/pub/tags/list?n=10000', 200, { tags: ['v1'] }],
    ])
  })

  it('OpenShift’s pruner, which shows the API’s token to /v2', async () => {
    const world = await createWorld()
    const digest = await world.image('acme/app')
    await world.point('acme/app', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${1000 + i}`, digest])))
    const page = await world.as('alice').request('GET', '/v2/acme/app/tags/list?n=100')
    expect(page.headers.get('link')).toContain('rel="next"')
    const last = await world.as('alice').request('GET', '/v2/acme/app/tags/list?n=100&last=t1099')
    expect(last.headers.get('link')).toBeNull()
    await follow(world.as('alice'), [
      ['GET /v2/acme/app/tags/list?n=100&last=t1099', 200, { tags: ['t1100'] }],
      ['GET /repository/acme/app/tag/?specificTag=t1000', 200, { tags: [{ manifest_digest: digest }] }],
      ['PUT /repository/acme/app/tag/preserved__t1000', 201, undefined, { manifest_digest: digest }],
      ['DELETE /repository/acme/app/tag/t1000', 204],
    ])
  })

  it('the Terraform provider in an error: six keys, and no other', async () => {
    const world = await createWorld()
    const refused = [
      ['GET', `${at}/organization/nosuch`, 404],
      ['GET', `${at}/repository/acme%2Fnosuch`, 404],
      ['POST', `${at}/repository`, 400],
    ] as const
    for (const [method, path, status] of refused) {
      const response = await world.as('alice').request(method, path, method === 'POST' ? {} : undefined)
      const body = (await response.json()) as Record<string, unknown>
      expect([path, response.status]).toEqual([path, status])
      const known = ['detail', 'error_message', 'error_type', 'status', 'title', 'type']
      expect(Object.keys(body).filter((key) => !known.includes(key))).toEqual([])
      expect(body).toMatchObject({ status, type: expect.any(String), title: expect.any(String) })
    }
  })
})
