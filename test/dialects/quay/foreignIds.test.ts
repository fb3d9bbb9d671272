import { describe, expect, it } from 'vitest'
import { accountNotice } from '../../../src/store/schema.ts'
import { createWorld, type World } from '../../support/world.ts'

const acme = '/api/v1/organization/acme'
const own = '/api/v1/organization/dunder'
const prototype = { role: 'read', delegate: { name: 'bob', kind: 'user' } }
const policy = { tagPattern: 'v8', tagPatternMatches: true }
const json = async <T>(answer: Response) => (await answer.json()) as T

/** The last thing that alice finds in a list of hers. */
async function idOf(world: World, path: string, list: string, key: string): Promise<string> {
  const answer = await world.as('alice').get<Record<string, Record<string, string>[]>>(path)
  return answer[list]?.at(-1)?.[key] ?? 'none'
}

interface Row {
  of: string
  /** Makes it for alice, and yields the path under which dave asks for it: as his own. */
  path: (world: World) => Promise<string>
  methods: (readonly [method: string, body?: unknown])[]
}

/** dave administers dunder, with a repository and an application of its own; alice has made what he asks for. */
const rows: Row[] = [
  {
    of: 'a default permission',
    path: async (world) => {
      await world.arrange('alice', [`POST ${acme}/prototypes`, prototype])
      return `${own}/prototypes/${await idOf(world, `${acme}/prototypes`, 'prototypes', 'id')}`
    },
    methods: [['PUT', { role: 'admin' }], ['DELETE']],
  },
  {
    of: "an application's token, under an application of his own",
    path: async (world) => {
      const tokens = `${acme}/applications/TESTSTESTSTESTSTESTS/tokens`
      const { client_id } = await json<{ client_id: string }>(
        await world.as('dave').request('POST', `${own}/applications`, { name: 'x' }),
      )
      return `${own}/applications/${client_id}/tokens/${await idOf(world, tokens, 'tokens', 'uuid')}`
    },
    methods: [['DELETE']],
  },
  {
    of: "an organization's policy",
    path: async (world) => {
      await world.arrange('alice', [`POST ${acme}/immutabilitypolicy`, policy])
      return `${own}/immutabilitypolicy/${await idOf(world, `${acme}/immutabilitypolicy`, 'policies', 'uuid')}`
    },
    methods: [['GET'], ['PUT', policy], ['DELETE']],
  },
  {
    of: "a repository's policy",
    path: async (world) => {
      const path = '/api/v1/repository/acme/app/immutabilitypolicy'
      await world.arrange('alice', [`POST ${path}`, policy])
      return `/api/v1/repository/dunder/own/immutabilitypolicy/${await idOf(world, path, 'policies', 'uuid')}`
    },
    methods: [['GET'], ['PUT', policy], ['DELETE']],
  },
  {
    of: 'a notification',
    path: async (world) => {
      const row = { uuid: crypto.randomUUID(), accountId: world.ids.alice, kind: 'password_required', metadata: {} }
      await world.store.batch([world.store.insert(accountNotice).values({ ...row, createdAt: world.clock.now })])
      return `/api/v1/user/notifications/${row.uuid}`
    },
    methods: [['GET'], ['PUT', { dismissed: true }]],
  },
  {
    of: 'an app-specific token',
    path: async (world) => {
      await world.arrange('alice', ['POST /api/v1/user/apptoken', { title: 'x' }])
      return `/api/v1/user/apptoken/${await idOf(world, '/api/v1/user/apptoken', 'tokens', 'uuid')}`
    },
    methods: [['GET'], ['DELETE']],
  },
  {
    of: 'a granted token',
    path: async (world) =>
      `/api/v1/user/authorizations/${await idOf(world, '/api/v1/user/authorizations', 'authorizations', 'uuid')}`,
    methods: [['GET'], ['DELETE']],
  },
]

describe('by an id out of somebody else’s list', () => {
  it.each(rows)('nobody sees or changes $of', async ({ path, methods }) => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    await world.arrange(
      'dave',
      ['POST /api/v1/organization/', { name: 'dunder' }],
      ['POST /api/v1/repository', { namespace: 'dunder', repository: 'own', visibility: 'private', description: '' }],
    )
    const asked = await path(world)
    expect(asked).not.toMatch(/none$/)
    const [before, lines] = [await everything(world), (await world.events()).length]
    for (const [method, body] of methods) {
      const response = await world.as('dave').request(method, asked, body)
      expect([method, response.status]).toEqual([method, 404])
    }
    expect(await everything(world)).toEqual(before)
    expect(await world.events()).toHaveLength(lines)
  })

  it.each(['GET', 'DELETE', 'POST'])('nobody reaches a robot of another namespace: %s', async (method) => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${acme}/robots/ci`)
    await world.arrange('dave', ['POST /api/v1/organization/', { name: 'dunder' }])
    const suffix = method === 'POST' ? '/regenerate' : ''
    for (const [path, status] of [
      [`${own}/robots/ci${suffix}`, 400],
      [`/api/v1/user/robots/ci${suffix}`, 400],
      [`${own}/robots/acme+ci${suffix}`, 400],
      [`${acme}/robots/ci${suffix}`, 403],
    ] as const) {
      expect([path, (await world.as('dave').request(method, path)).status]).toEqual([path, status])
    }
    expect((await world.as('alice').request('GET', `${acme}/robots/ci`)).status).toBe(200)
  })
})

/** What alice has of each kind. */
async function everything(world: World) {
  const lists = [
    `${acme}/prototypes`,
    `${acme}/applications/TESTSTESTSTESTSTESTS/tokens`,
    `${acme}/immutabilitypolicy`,
    '/api/v1/repository/acme/app/immutabilitypolicy',
    '/api/v1/user/notifications',
    '/api/v1/user/apptoken',
    '/api/v1/user/authorizations',
  ]
  return Promise.all(lists.map((path) => world.as('alice').get(path)))
}
