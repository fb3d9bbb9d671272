import { createHash } from 'node:crypto'
import { sharedTags } from './peers/peer.ts'
import { mustSend, type Target } from './request.ts'
import { type Runtime, registryHost } from './runtimes/runtime.ts'

/** What can be measured on: each repository is made once, when the first scenario wants it. */
export const repositories = {
  /** Anybody may read it; other registries hold the same. */
  public: { tags: sharedTags },
  thousand: { tags: 1000 },
  'hundred-thousand': { tags: 100_000 },
  million: { tags: 1_000_000 },
  /** One tag that has moved 100,000 times. */
  moved: { moves: 100_000 },
  /** Where writers move tags, and the floor beside them. */
  moving: { tags: 1000 },
  movingfloor: { tags: 1000 },
  /** A manifest that 10,000 others name as their subject. */
  referred: { referrers: 10_000 },
  /** Teams of an organization may read it. */
  shared: { tags: 1000 },
} as const satisfies Record<string, Wanted>

interface Wanted {
  tags?: number
  moves?: number
  referrers?: number
}

export type RepositoryName = keyof typeof repositories

export interface Seeded {
  id: number
  /** Two images; all tags but one mean the first. */
  digests: [string, string]
}

export interface World {
  namespace: string
  /** An OAuth token of the owner. */
  token: string
  lookup: string
  repository(name: RepositoryName): Promise<Seeded>
  /** A new one: they don't live as long as a run. */
  registryToken(name: RepositoryName): Promise<string>
}

const namespace = 'bench'
const password = 'bench-password-1'

/** The first user of an empty registry, and repositories that a few pushes and then copies of their rows fill. */
export async function seedWorld(runtime: Runtime): Promise<World> {
  const { cold } = runtime
  const json = { 'content-type': 'application/json' }
  const user = { username: namespace, password, email: 'bench@example.com', access_token: true }
  const first = await mustSend(cold, {
    method: 'POST',
    path: '/api/v1/user/initialize',
    headers: json,
    body: JSON.stringify(user),
  })
  const token = JSON.parse(first.body.toString()).access_token as string
  const seeded = new Map<RepositoryName, Promise<Seeded>>()
  const repository = (name: RepositoryName) => {
    const known = seeded.get(name) ?? seedRepository(runtime, name)
    seeded.set(name, known)
    return known
  }
  const registryToken = (name: RepositoryName) => registryTokenFor(runtime, name)
  return { namespace, token, lookup: token.slice(0, 20), repository, registryToken }
}

async function registryTokenFor({ cold }: Runtime, name: RepositoryName): Promise<string> {
  const path = `/v2/auth?service=${registryHost}&scope=repository:${namespace}/${name}:pull,push`
  const answer = await mustSend(cold, { path, headers: basic })
  return JSON.parse(answer.body.toString()).token
}

export const basic = { authorization: `Basic ${btoa(`${namespace}:${password}`)}` }

async function seedRepository(runtime: Runtime, name: RepositoryName): Promise<Seeded> {
  const { cold, sql } = runtime
  const bearer = { authorization: `Bearer ${await registryTokenFor(runtime, name)}` }
  const digests: [string, string] = [
    await pushImage(cold, `${namespace}/${name}`, 'first', bearer),
    await pushImage(cold, `${namespace}/${name}`, 'second', bearer),
  ]
  const [rows] = await sql([`select id from repository where name = '${name}'`])
  const id = Number(rows?.[0]?.id)
  const wanted: Wanted = repositories[name]
  const steps = [...copies(id, wanted.tags ?? 2), ...moves(id, wanted.moves ?? 0), referrers(id, wanted.referrers ?? 0)]
  for (const statements of steps) await sql(statements)
  if (name === 'public')
    await sql([`update repository set is_public = 1, generation = generation + 1 where id = ${id}`])
  return { id, digests }
}

/** Pushes a small image and answers its digest. */
export async function pushImage(
  target: Target,
  repository: string,
  tag: string,
  headers: Record<string, string>,
): Promise<string> {
  const put = async (text: string) => {
    const digest = digestOf(text)
    const begun = await mustSend(target, { method: 'POST', path: `/v2/${repository}/blobs/uploads/`, headers })
    const { pathname, search } = new URL(begun.headers.location ?? '', `http://${target.host}`)
    await mustSend(target, {
      method: 'PUT',
      path: `${pathname}${search}${search ? '&' : '?'}digest=${digest}`,
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: text,
    })
    return { digest, size: text.length }
  }
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', ...(await put(JSON.stringify({ tag }))) }
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...(await put(`layer of ${tag}`)) }
  const body = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] })
  const path = `/v2/${repository}/manifests/${tag}`
  await mustSend(target, { method: 'PUT', path, headers: { ...headers, 'content-type': mediaType }, body })
  return digestOf(body)
}

/** How many rows one statement makes: D1 limits how long it may take. */
const stride = 100_000

/** Tags t1 … tn on the first image, a second apart, t1 the newest; `first` and `second` are there already. */
function* copies(id: number, count: number): Generator<string[]> {
  for (let from = 1; from <= count - 2; from += stride) {
    const to = Math.min(count - 2, from + stride - 1)
    const numbers = `with recursive numbers(n) as (select ${from} union all select n + 1 from numbers where n < ${to})`
    const made = `repository_id = ${id} and id > (select max(revision_id) from tag where repository_id = ${id})`
    yield [
      `insert into tag_revision (repository_id, name, manifest_id, started_at, cause)
       ${numbers} select s.repository_id, 't' || n, s.manifest_id, s.started_at - n * 1000, s.cause from numbers
       join tag s on s.repository_id = ${id} and s.name = 'first'`,
      `insert into tag (repository_id, name, revision_id, manifest_id, started_at, created_at, cause)
       select repository_id, name, id, manifest_id, started_at, started_at, cause from tag_revision where ${made}`,
    ]
  }
  yield [`update repository set tag_count = ${count} where id = ${id}`]
}

/** The tag `second` was moved n times before it came to mean what it does, a second apart. */
function* moves(id: number, count: number): Generator<string[]> {
  for (let from = 1; from <= count; from += stride) {
    const to = Math.min(count, from + stride - 1)
    yield [
      `insert into tag_revision (repository_id, name, manifest_id, started_at, ended_at, cause)
       with recursive numbers(n) as (select ${from} union all select n + 1 from numbers where n < ${to})
       select s.repository_id, s.name, s.manifest_id, s.started_at - n * 1000, s.started_at - (n - 1) * 1000, 'move'
       from numbers join tag s on s.repository_id = ${id} and s.name = 'second'`,
    ]
  }
}

/** Signatures of `first`, as rows alone: their bytes are the image's. */
const referrers = (id: number, count: number): string[] => [
  `insert into manifest (repository_id, digest, media_type, artifact_type, schema_version, content, size_bytes, is_index,
     config_digest, config_media_type, config_size_bytes, layers_size_bytes, content_size_bytes, subject_digest, annotations,
     created_at)
   with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${count})
   select m.repository_id, 'sha256:' || printf('%064x', n), m.media_type, 'application/vnd.example.signature', 2, m.content,
     m.size_bytes, 0, m.config_digest, m.config_media_type, m.config_size_bytes, m.layers_size_bytes, m.content_size_bytes,
     m.digest, json_object('org.example.number', '' || n), m.created_at
   from numbers join tag t on t.repository_id = ${id} and t.name = 'first' join manifest m on m.id = t.manifest_id
   where ${count} > 0`,
]

export const digestOf = (bytes: string | Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
