import { eq, getTableColumns, sql } from 'drizzle-orm'
import { createApp } from '../../src/app.ts'
import { edgeBlobs } from '../../src/blobs/edgeBlobs.ts'
import { r2Blobs } from '../../src/blobs/r2.ts'
import { pullQueue } from '../../src/domain/manifest/notePull.ts'
import { newAccount } from '../../src/domain/namespace/newAccount.ts'
import { carryOut, instantFor, seeTag, tagReads } from '../../src/domain/tag/tagState.ts'
import { grantAccessToken } from '../../src/domain/token/grantAccessToken.ts'
import { hashPassword } from '../../src/domain/token/password.ts'
import { createVault } from '../../src/domain/token/vault.ts'
import { answerMemory } from '../../src/edge/answers.ts'
import { bookmarkMemory } from '../../src/edge/bookmarks.ts'
import { memoryCache } from '../../src/edge/edgeCache.ts'
import type { Mail } from '../../src/mail/mailer.ts'
import type { Services } from '../../src/services.ts'
import { parseSettings } from '../../src/settings.ts'
import { prefixed } from '../../src/store/columns.ts'
import { manifestByDigest } from '../../src/store/manifests.ts'
import {
  accessToken,
  account,
  event,
  manifest,
  oauthApplication,
  repository,
  repositoryGrant,
  tag,
  tagRevision,
  team,
  teamMember,
} from '../../src/store/schema.ts'
import type { Statement, Store } from '../../src/store/store.ts'
import { checkAnswer } from './answers.ts'
import { bindings, emptyDatabase } from './database.ts'
import { type SeededImage, seedImage } from './seedImage.ts'

export const origin = 'http://registry.test'
export const password = 'long-enough-1'
export const everyScope = 'repo:admin repo:create org:admin user:admin user:read'

const app = createApp()
const secret = 'a secret of the tests, long enough'
const vault = createVault(secret)
let passwordHash: string | undefined

const cast = ['admin', 'auditor', 'alice', 'bob', 'carol', 'dave'] as const
export type Person = (typeof cast)[number]

export interface Client {
  /** What it sends along with every request: who it is. */
  identity: Readonly<Record<string, string>>
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** A GET whose answer is JSON. */
  get<T = Record<string, unknown>>(path: string): Promise<T>
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** What the test before, of this file or another, has left to be done: it must not reach the next one's database. */
const left: { background: Promise<unknown>[] } = globalThis as never
left.background ??= []

async function settleAll(background: Promise<unknown>[]) {
  while (background.length > 0) await Promise.allSettled(background.splice(0))
}

/**
 * A registry of the test's own. alice owns the organization acme; bob is in its team `writers`, carol in `readers`,
 * dave is a stranger; admin is a superuser, auditor a read-only one. acme/app is private, acme/pub is public; the teams
 * have write and read on both. The clock stands still until the test moves it. `empty`: nothing of that is there.
 */
export async function createWorld({
  settings = {},
  empty = false,
}: {
  settings?: Record<string, unknown>
  empty?: boolean
} = {}) {
  await settleAll(left.background)
  const { store, meter } = await emptyDatabase()
  const clock = { now: new Date('2026-03-01T12:00:00.250Z') }
  const background: Promise<unknown>[] = []
  left.background = background
  const mails: Mail[] = []
  const sites: Record<string, (request: Request) => Response | Promise<Response>> = {}
  const services: Services = {
    store,
    vault,
    release: 'test',
    blobs: edgeBlobs(r2Blobs(bindings.BLOBS), bindings.BLOBS, caches.default),
    settings: parseSettings({
      SECRET_KEY: secret,
      EDGE_TTL_SECONDS: 0,
      SUPER_USERS: ['admin'],
      GLOBAL_READONLY_SUPER_USERS: ['auditor'],
      // Mail leads to a host that is configured, or nowhere.
      ...(settings.FEATURE_MAILING !== undefined && { SERVER_HOSTNAME: 'registry.test' }),
      ...settings,
    }),
    edge: memoryCache(() => new Date(clock.now)),
    answers: answerMemory(),
    bookmarks: bookmarkMemory(),
    written: new Map(),
    pulls: pullQueue(),
    network: async (request) => {
      const site = sites[new URL(request.url).host]
      if (!site) throw new Error(`nobody answers at ${request.url}`)
      return site(request)
    },
    mailer: { send: async (mail) => void mails.push(mail) },
    now: () => new Date(clock.now),
    waitUntil: (work) => void background.push(work),
  }
  passwordHash ??= await hashPassword(password)
  const ids = empty ? ({} as Awaited<ReturnType<typeof seedCast>>) : await seedCast()
  const tokens = empty ? ({} as Awaited<ReturnType<typeof seedTokens>>) : await seedTokens()
  meter.reset()

  const request = async (
    headers: Record<string, string>,
    method: string,
    path: string,
    body?: unknown,
    at: Services = services,
  ) => {
    const isRaw =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
    const type: Record<string, string> = isRaw ? {} : { 'content-type': 'application/json' }
    const payload = isRaw ? (body as BodyInit | undefined) : JSON.stringify(body)
    const answer = await app.request(
      origin + path,
      { method, headers: { ...type, ...headers }, ...(payload !== undefined && { body: payload }) },
      at,
    )
    await checkAnswer(method, origin + path, answer, at.settings)
    return answer
  }
  const client = (identity: Record<string, string>, at?: Services): Client => ({
    identity,
    request: (method, path, body, headers = {}) => request({ ...identity, ...headers }, method, path, body, at),
    get: async (path) => (await request(identity, 'GET', path, undefined, at)).json(),
  })

  return {
    app,
    services,
    store,
    meter,
    clock,
    ids,
    /** What has been sent so far: `settle` first. */
    mails,
    /** The servers that the registry can call, by host; a test puts its own there. */
    sites,
    /** Moves the clock. */
    tick(milliseconds: number) {
      clock.now = new Date(clock.now.getTime() + milliseconds)
    },
    /** A person's client, with a token of every ordinary scope; `nobody` has none. */
    as: (who: Person | 'nobody') => client(who === 'nobody' ? {} : { authorization: `Bearer ${tokens[who]}` }),
    /** The same registry as another data centre has it: with a cache of its own. */
    elsewhere(): (who: Person) => Client {
      const edge = memoryCache(() => new Date(clock.now))
      const far: Services = {
        ...services,
        edge,
        answers: answerMemory(),
        bookmarks: bookmarkMemory(),
        written: new Map(),
        pulls: pullQueue(),
      }
      return (who) => client({ authorization: `Bearer ${tokens[who]}` }, far)
    },
    /** A client with whatever headers. */
    client,
    tokens,
    token,
    /** A client of a person whose token has this scope. */
    withScope: async (who: Person, scope: string, lifetimeSeconds?: number): Promise<Client> =>
      client({ authorization: `Bearer ${await token(who, scope, lifetimeSeconds)}` }),
    /** Stores an image, or with `children` an index, without a push. Resolves to its digest. */
    async image(path: string, image: SeededImage = {}) {
      const digest = await seedImage(services, await repositoryId(path), image)
      meter.reset()
      return digest
    },
    /** Makes names mean digests, without a log entry. */
    async point(
      path: string,
      meanings: Record<string, string>,
      { expiresAt = null }: { expiresAt?: Date | null } = {},
    ) {
      const id = await repositoryId(path)
      for (const [name, digest] of Object.entries(meanings)) {
        const [row, last, [found]] = await store.batch([
          ...tagReads(store, id, name),
          manifestByDigest(store, id, digest, clock.now),
        ])
        if (!found) throw new Error(`no manifest ${digest}`)
        const seen = seeTag(id, name, [row, last], clock.now)
        const next = { manifestId: found.id, cause: 'push' as const, expiresAt, immutable: false }
        await store.batch(carryOut(store, seen, { next }, instantFor(seen, clock.now)))
      }
      meter.reset()
    },
    /** Everything that the log holds, oldest first. */
    async events() {
      const [rows] = await store.batch([store.select().from(event).orderBy(event.id)])
      return rows
    },
    /** The live rows and the whole history of a repository, as the store has them. */
    async tags(path: string) {
      const id = await repositoryId(path)
      const [live, history] = await store.batch([
        tagsWithDigests(store, id),
        store
          .select()
          .from(tagRevision)
          .where(sql`repository_id = ${id}`)
          .orderBy(tagRevision.startedAt, tagRevision.id),
      ])
      return { live, history }
    },
    repositoryId,
    /** How often a repository's tags, grants or visibility have changed. */
    async generation(path: string) {
      const id = await repositoryId(path)
      const [[row]] = await store.batch([
        store.select({ generation: repository.generation }).from(repository).where(eq(repository.id, id)),
      ])
      return row?.generation ?? -1
    },
    /** Requests that the test takes for granted, one after the other; `METHOD /path` with the body, if there is one. */
    async arrange(who: Person, ...requests: (string | readonly [request: string, body: unknown])[]) {
      for (const each of requests) {
        const [text, body] = typeof each === 'string' ? [each] : each
        const [method = '', path = ''] = text.split(' ')
        const response = await client({ authorization: `Bearer ${tokens[who]}` }).request(method, path, body)
        if (!response.ok) throw new Error(`${text}: ${response.status} ${await response.text()}`)
      }
      meter.reset()
    },
    /** The kinds of what the log holds after its first lines. */
    async kindsSince(lines: number) {
      const [rows] = await store.batch([store.select({ kind: event.kind }).from(event).orderBy(event.id)])
      return rows.slice(lines).map(({ kind }) => kind)
    },
    /** Waits for what requests have left to do. */
    async settle() {
      while (background.length > 0) await background.shift()
    },
  }

  /** The text of a new token of this scope. */
  async function token(who: Person, scope: string, lifetimeSeconds = 3600): Promise<string> {
    const { text, insert } = await grantAccessToken(store, {
      applicationId: ids.application,
      accountId: ids[who],
      scope,
      lifetimeSeconds,
      now: clock.now,
    })
    await store.batch([insert])
    meter.reset()
    return text
  }

  async function repositoryId(path: string): Promise<number> {
    const [namespace, ...rest] = path.split('/')
    const [[row]] = await store.batch([
      store
        .select({ id: repository.id })
        .from(repository)
        .where(
          sql`name = ${rest.join('/')} and namespace_id = (select a.id from account a where a.username = ${namespace})`,
        ),
    ])
    if (!row) throw new Error(`no repository ${path}`)
    return row.id
  }

  async function seedCast() {
    const now = clock.now
    const common = { now, tagExpirationSeconds: 1_209_600, passwordHash: passwordHash ?? '', verified: true }
    const people = cast.map((name) => newAccount('user', name, { ...common, email: `${name}@example.com` }))
    const acme = newAccount('organization', 'acme', { now, tagExpirationSeconds: 1_209_600, email: 'acme@example.com' })
    const of = (name: string) => sql<number>`(select a.id from account a where a.username = ${name})`
    const teamOf = (name: string) => sql<number>`(select t.id from team t where t.name = ${name})`
    const repositories = [
      ['app', false],
      ['pub', true],
    ] as const
    const repo = (name: string) => sql<number>`(select r.id from repository r where r.name = ${name})`
    const grants: Statement[] = repositories.flatMap(([name]) => [
      store.insert(repositoryGrant).values({ repositoryId: repo(name), accountId: of('alice'), role: 3 }),
      store.insert(repositoryGrant).values({ repositoryId: repo(name), teamId: teamOf('writers'), role: 2 }),
      store.insert(repositoryGrant).values({ repositoryId: repo(name), teamId: teamOf('readers'), role: 1 }),
    ])
    await store.batch([
      ...[...people, acme].map((row) => store.insert(account).values(row)),
      ...(
        [
          ['owners', 3],
          ['writers', 1],
          ['readers', 1],
        ] as const
      ).map(([name, role]) => store.insert(team).values({ organizationId: of('acme'), name, role })),
      ...(
        [
          ['owners', 'alice'],
          ['writers', 'bob'],
          ['readers', 'carol'],
        ] as const
      ).map(([name, member]) => store.insert(teamMember).values({ teamId: teamOf(name), accountId: of(member) })),
      ...repositories.map(([name, isPublic]) =>
        store.insert(repository).values({
          namespaceId: of('acme'),
          name,
          isPublic,
          description: `the ${name}`,
          badgeToken: crypto.randomUUID(),
          createdAt: now,
          updatedAt: now,
        }),
      ),
      ...grants,
      store.insert(oauthApplication).values({
        clientId: 'TESTSTESTSTESTSTESTS',
        encryptedSecret: '',
        namespaceId: of('acme'),
        name: 'tests',
      }),
    ])
    const [accounts] = await store.batch([store.select({ id: account.id, username: account.username }).from(account)])
    const byName = Object.fromEntries(accounts.map(({ id, username }) => [username, id])) as Record<
      Person | 'acme',
      number
    >
    return { ...byName, application: 1 }
  }

  async function seedTokens(): Promise<Record<Person, string>> {
    const made = await Promise.all(
      cast.map((who) => {
        const scope = who === 'admin' ? `${everyScope} super:user` : everyScope
        return grantAccessToken(store, {
          applicationId: 1,
          accountId: ids[who],
          scope,
          lifetimeSeconds: 3600,
          now: clock.now,
        })
      }),
    )
    // As if used just now: no request here has their use to note, and round trips are the endpoint's own.
    await store.batch([
      ...made.map(({ insert }) => insert),
      store.update(accessToken).set({ lastAccessedAt: clock.now }),
    ])
    return Object.fromEntries(cast.map((who, i) => [who, made[i]?.text])) as Record<Person, string>
  }
}

const tagsWithDigests = (store: Store, repositoryId: number) =>
  store
    .select({ ...getTableColumns(tag), ...prefixed({ digest: manifest.digest }, 'manifest') })
    .from(tag)
    .innerJoin(manifest, eq(manifest.id, tag.manifestId))
    .where(eq(tag.repositoryId, repositoryId))
    .orderBy(tag.name)
