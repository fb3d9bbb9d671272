import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../../src/domain/actor.ts'
import { sealToken } from '../../src/domain/token/sealedToken.ts'
import { account, repositoryGrant } from '../../src/store/schema.ts'
import { sign } from '../support/sdkSigner.ts'
import type { Client, World } from '../support/world.ts'
import { createCast, type MatrixActor } from './cast.ts'

export interface SwrActor extends MatrixActor {
  isRobot: boolean
}

const signedIn = { owner: 'alice', writer: 'bob', reader: 'carol', stranger: 'dave', superuser: 'admin' }

/**
 * The people of the matrix as SWR takes them: with their OAuth tokens, some with a token of IAM's, which no scope caps;
 * and robots, which sign. `owner` is signed in.
 */
export async function createSwrCast(options: Parameters<typeof createCast>[0] = {}) {
  const { world, actors } = await createCast(options)
  const people = actors.map((actor) => ({ ...actor, isRobot: false, client: tokenClient(world, actor) }))
  const byName = Object.entries(signedIn).map(async ([name, username]) => {
    const actor = people.find((each) => each.name.startsWith(name)) as SwrActor
    const client = await iamClient(world, username)
    return { ...actor, name: `${actor.name}, signed in`, scopes: 'all' as const, client }
  })
  const robots = (['reads', 'manages'] as const).map(async (name) => ({
    ...(people.find((each) => each.name === 'stranger') as SwrActor),
    name: `robot that ${name}`,
    isRobot: true,
    grantRank: { reads: 1, manages: 3 }[name],
    scopes: 'all' as const,
    client: await robotClient(world, name, { reads: 1, manages: 3 }[name]),
  }))
  const owner = await iamClient(world, 'alice')
  return { owner, actors: [...people, ...(await Promise.all([...byName, ...robots]))] as SwrActor[] }
}

function tokenClient(world: World, { client }: MatrixActor): Client {
  const [scheme, token = ''] = client.identity.authorization?.split(' ') ?? []
  return world.client(scheme === 'Bearer' ? { 'x-auth-token': token } : client.identity)
}

async function iamClient({ store, services, clock, client }: World, username: string): Promise<Client> {
  const [[row]] = await store.batch([store.select().from(account).where(eq(account.username, username))])
  const until = new Date(clock.now.getTime() + 3_600_000)
  const token = await sealToken(services.vault, 'iam token', { account: row } as unknown as Actor, until)
  return client({ 'x-auth-token': token })
}

/** A robot of acme's with a grant on everything that there is. */
async function robotClient(world: World, shortname: string, role: number): Promise<Client> {
  const made = await world.as('alice').request('PUT', `/api/v1/organization/acme/robots/${shortname}`, {})
  const { name, token } = (await made.json()) as { name: string; token: string }
  const accountId = sql<number>`(select a.id from account a where a.username = ${name})`
  const paths = ['acme/app', 'acme/pub', 'alice/app', 'alice/pub']
  const ids = await Promise.all(paths.map((path) => world.repositoryId(path)))
  await world.store.batch(
    ids.map((repositoryId) => world.store.insert(repositoryGrant).values({ repositoryId, accountId, role })),
  )
  const nobody = world.as('nobody')
  return {
    ...nobody,
    async request(method, path, body) {
      const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
      const key = { accessKey: name, secretKey: token, now: world.clock.now, body: text }
      return nobody.request(method, path, body, await sign(method, path, key))
    },
  }
}
