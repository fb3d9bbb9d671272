import { sql } from 'drizzle-orm'
import { newAccount } from '../../src/domain/namespace/newAccount.ts'
import { grantAccessToken } from '../../src/domain/token/grantAccessToken.ts'
import type { Scope } from '../../src/domain/token/scope.ts'
import { account, repository, repositoryGrant, team, teamMember } from '../../src/store/schema.ts'
import type { Statement } from '../../src/store/store.ts'
import { type Client, createWorld, everyScope, type World } from '../support/world.ts'

export type NamespaceKind = 'user' | 'organization'
export type RepositoryKind = 'public' | 'private' | 'missing'

/** A repository (or, for operations on namespaces, just its namespace) that a case is about. */
export interface Target {
  namespace: NamespaceKind
  repository: RepositoryKind
}

/** What an actor of the matrix holds: the whole of what its expectations are derived from. */
export interface MatrixActor {
  name: string
  /** Anonymous in every respect: no account, or one that does not count. */
  isKnown: boolean
  /** Sends no OAuth token that counts, and no CSRF token either: its writes are turned away as forged. */
  looksForged: boolean
  /** 0 none, 1 read, 2 write, 3 admin: what grants give on repositories that exist. */
  grantRank: number
  /** 0 none, 1 member, 2 creator, 3 admin; `user` is the namespace of alice. */
  namespaceRank: Record<NamespaceKind, number>
  scopes: ReadonlySet<Scope> | 'all'
  isSuperuser: boolean
  isReadOnlySuperuser: boolean
  hasFullAccess: boolean
  client: Client
}

const singleScopes = [
  'repo:read',
  'repo:write',
  'repo:admin',
  'repo:create',
  'user:read',
  'user:admin',
  'org:admin',
  'super:user',
] as const

/** A registry with everyone who appears in the matrix. alice/app and alice/pub stand beside acme/app and acme/pub. */
export async function createCast({
  fullAccess = false,
  settings = {},
}: {
  fullAccess?: boolean
  settings?: Record<string, unknown>
} = {}) {
  const world = await createWorld({ settings: { ...settings, FEATURE_SUPERUSERS_FULL_ACCESS: fullAccess } })
  await populate(world)
  const ordinary = new Set(everyScope.split(' ')) as ReadonlySet<Scope>
  const nobody = {
    isKnown: false,
    looksForged: true,
    grantRank: 0,
    namespaceRank: { user: 0, organization: 0 },
    scopes: 'all',
    isSuperuser: false,
    isReadOnlySuperuser: false,
    hasFullAccess: false,
  } as const
  const somebody = { ...nobody, isKnown: true, looksForged: false, scopes: ordinary } as const
  const owner = { ...somebody, namespaceRank: { user: 3, organization: 3 } } as const

  const guestClient = await browserClient(world)
  const actors: MatrixActor[] = [
    { ...nobody, name: 'anonymous', client: world.as('nobody') },
    { ...nobody, name: 'anonymous browser with a CSRF token', looksForged: false, client: guestClient },
    { ...nobody, name: 'unknown token', client: world.client({ authorization: `Bearer ${'x'.repeat(40)}` }) },
    { ...nobody, name: 'expired token', client: await expiredClient(world) },
    { ...nobody, name: 'disabled user', client: await tokenClient(world, 'ivan') },
    ...(['reader', 'writer', 'admin'] as const).map((role) => ({
      ...nobody,
      name: `robot with ${role}, which the API does not let in`,
      client: world.client({ authorization: `Basic ${btoa(`acme+${role}:ROBOT`)}` }),
    })),
    { ...somebody, name: 'stranger', client: world.as('dave') },
    {
      ...somebody,
      name: 'reader',
      grantRank: 1,
      namespaceRank: { user: 0, organization: 1 },
      client: world.as('carol'),
    },
    { ...somebody, name: 'writer', grantRank: 2, namespaceRank: { user: 0, organization: 1 }, client: world.as('bob') },
    { ...somebody, name: 'repository admin', grantRank: 3, client: await tokenClient(world, 'heidi') },
    {
      ...somebody,
      name: 'organization member',
      namespaceRank: { user: 0, organization: 1 },
      client: await tokenClient(world, 'frank'),
    },
    {
      ...somebody,
      name: 'team creator',
      namespaceRank: { user: 0, organization: 2 },
      client: await tokenClient(world, 'erin'),
    },
    {
      ...somebody,
      name: 'organization admin',
      namespaceRank: { user: 0, organization: 3 },
      client: await tokenClient(world, 'gina'),
    },
    { ...owner, name: 'owner', client: world.as('alice') },
    ...(await Promise.all(
      singleScopes.map(async (scope) => ({
        ...owner,
        name: `owner with only ${scope}`,
        scopes: new Set([scope]),
        client: await world.withScope('alice', scope),
      })),
    )),
    {
      ...somebody,
      name: fullAccess ? 'superuser with full access' : 'superuser',
      scopes: new Set([...ordinary, 'super:user'] as Scope[]),
      isSuperuser: true,
      hasFullAccess: fullAccess,
      client: world.as('admin'),
    },
    { ...somebody, name: 'superuser without its scope', client: await world.withScope('admin', everyScope) },
    { ...somebody, name: 'read-only superuser', isReadOnlySuperuser: true, client: world.as('auditor') },
  ]
  return { world, actors }
}

async function populate({ store, clock, ids }: World) {
  const now = clock.now
  const of = (name: string) => sql<number>`(select a.id from account a where a.username = ${name})`
  const teamOf = (name: string) => sql<number>`(select t.id from team t where t.name = ${name})`
  const repositoryOf = (namespace: string, name: string) =>
    sql<number>`(select r.id from repository r where r.name = ${name} and r.namespace_id = ${of(namespace)})`
  const people = ['erin', 'frank', 'gina', 'heidi', 'ivan']
  const owned = ['app', 'pub'].map((name) =>
    store.insert(repository).values({
      namespaceId: ids.alice,
      name,
      isPublic: name === 'pub',
      badgeToken: crypto.randomUUID(),
      createdAt: now,
      updatedAt: now,
    }),
  )
  const grant = (namespace: string, name: string, who: string, role: number): Statement =>
    store.insert(repositoryGrant).values({ repositoryId: repositoryOf(namespace, name), accountId: of(who), role })
  await store.batch([
    ...people.map((name) =>
      store.insert(account).values(
        newAccount('user', name, {
          now,
          email: `${name}@example.com`,
          tagExpirationSeconds: 1_209_600,
          verified: true,
          enabled: name !== 'ivan',
        }),
      ),
    ),
    ...(
      [
        ['makers', 2, 'erin'],
        ['watchers', 1, 'frank'],
        ['chiefs', 3, 'gina'],
      ] as const
    ).flatMap(([name, role, member]) => [
      store.insert(team).values({ organizationId: ids.acme, name, role }),
      store.insert(teamMember).values({ teamId: teamOf(name), accountId: of(member) }),
    ]),
    ...owned,
    ...['app', 'pub'].flatMap((name) => [
      grant('alice', name, 'alice', 3),
      grant('alice', name, 'bob', 2),
      grant('alice', name, 'carol', 1),
      grant('alice', name, 'heidi', 3),
      grant('acme', name, 'heidi', 3),
      grant('acme', name, 'ivan', 3),
    ]),
  ])
}

async function tokenClient(world: World, username: string, lifetimeSeconds = 3600): Promise<Client> {
  const { store, clock, ids } = world
  const accountId = sql<number>`(select a.id from account a where a.username = ${username})` as unknown as number
  const { text, insert } = await grantAccessToken(store, {
    applicationId: ids.application,
    accountId,
    scope: everyScope,
    lifetimeSeconds,
    now: clock.now,
  })
  await store.batch([insert])
  return world.client({ authorization: `Bearer ${text}` })
}

const expiredClient = (world: World) => tokenClient(world, 'alice', -1)

async function browserClient(world: World): Promise<Client> {
  const answer = await world.as('nobody').request('GET', '/csrf_token')
  const { csrf_token: csrf } = (await answer.json()) as { csrf_token: string }
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return world.client({ cookie, 'x-csrf-token': csrf })
}
