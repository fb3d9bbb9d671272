import { sql } from 'drizzle-orm'
import { newAccount } from '../../src/domain/namespace/newAccount.ts'
import { account, manifest, repository, repositoryGrant, team, teamMember } from '../../src/store/schema.ts'
import { digestOf } from './seedImage.ts'
import { createWorld, type Person, type World } from './world.ts'

export const manage = '/v2/manage'
export type SwrWorld = Awaited<ReturnType<typeof createSwrWorld>>

/** A world with the organization `group` of alice's, in which carol may read the private repository group/busybox. */
export async function createSwrWorld(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options)
  const { store, clock } = world
  const of = (name: string) => sql<number>`(select a.id from account a where a.username = ${name})`

  const createRepository = async (path: string, { isPublic = false }: { isPublic?: boolean } = {}) => {
    const [namespace = '', ...rest] = path.split('/')
    const name = rest.join('/')
    const id = sql<number>`(select r.id from repository r where r.name = ${name} and r.namespace_id = ${of(namespace)})`
    const common = { name, isPublic, badgeToken: crypto.randomUUID(), createdAt: clock.now, updatedAt: clock.now }
    await store.batch([
      store.insert(repository).values({ namespaceId: of(namespace), ...common }),
      store.insert(repositoryGrant).values({ repositoryId: id, accountId: of('alice'), role: 3 }),
      store.insert(repositoryGrant).values({ repositoryId: id, accountId: of('carol'), role: 1 }),
    ])
  }
  const owners = sql<number>`(select t.id from team t where t.organization_id = ${of('group')})`
  await store.batch([
    store.insert(account).values(newAccount('organization', 'group', { now: clock.now, tagExpirationSeconds: 0 })),
    store.insert(team).values({ organizationId: of('group'), name: 'owners', role: 3 }),
    store.insert(teamMember).values({ teamId: owners, accountId: of('alice') }),
  ])
  await createRepository('group/busybox')
  world.meter.reset()

  return {
    ...world,
    createRepository,
    /** A client of the SWR dialect; `nobody` has no token. */
    swr: (who: Person | 'nobody') => world.client(who === 'nobody' ? {} : { 'x-auth-token': world.tokens[who] }),
    /** Stores a manifest of exactly this text, and none of its blobs. Resolves to its digest. */
    async manifestOf(path: string, content: string, { schemaVersion = 2 }: { schemaVersion?: number } = {}) {
      const digest = await digestOf(new TextEncoder().encode(content))
      const parsed = JSON.parse(content) as Partial<Record<'config', Blob> & Record<'layers' | 'manifests', Blob[]>>
      const { config, layers = [], manifests } = parsed
      const layersSizeBytes = layers.reduce((sum, { size }) => sum + size, 0)
      const row = {
        repositoryId: await world.repositoryId(path),
        digest,
        mediaType: (JSON.parse(content) as { mediaType?: string }).mediaType ?? '',
        schemaVersion,
        content,
        sizeBytes: content.length,
        isIndex: Boolean(manifests),
        configDigest: config?.digest ?? null,
        configSizeBytes: config?.size ?? null,
        layersSizeBytes: manifests ? null : layersSizeBytes,
        contentSizeBytes: layersSizeBytes + (config?.size ?? 0),
        createdAt: clock.now,
      }
      await store.batch([store.insert(manifest).values(row)])
      world.meter.reset()
      return digest
    },
    /** Gives a repository `count` tags, t01, t02, …, each a second younger than the one before. */
    seedTags: (path: string, count: number, digest?: string) => seedTags(world, path, count, digest),
  }
}

interface Blob {
  digest: string
  size: number
}

async function seedTags(world: World, path: string, count: number, digest?: string) {
  const { store, clock } = world
  const target = digest ?? (await world.image(path, { layers: ['seeded'] }))
  const id = await world.repositoryId(path)
  const start = clock.now.getTime() - count * 1000
  const manifestId = sql`(select m.id from manifest m where m.repository_id = ${id} and m.digest = ${target})`
  const numbers = sql.raw(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`)
  const columns = sql.raw('repository_id, name, manifest_id, started_at, cause, immutable')
  const values = sql`${sql.raw(String(id))}, printf('t%02d', i), ${manifestId}, ${start} + i * 1000, 'push', 0`
  const statements = [
    sql`insert into tag_revision (${columns}) ${numbers} select ${values} from n`,
    sql`insert into tag (${columns}, revision_id, created_at)
      select ${columns}, id, started_at from tag_revision where repository_id = ${id} and ended_at is null`,
    sql`update repository set tag_count = ${count} where id = ${id}`,
  ]
  for (const statement of statements) await store.run(statement)
  world.tick(1000)
  world.meter.reset()
}
