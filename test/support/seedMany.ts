import { sql } from 'drizzle-orm'
import type { World } from './world.ts'

const countTo = (n: number) => sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${n})`

/** Live tags t1 to tn on one image, a millisecond apart, tn the newest. */
export async function seedTags(world: World, path: string, n: number): Promise<void> {
  const { clock } = world
  const digest = await world.image(path)
  const id = await world.repositoryId(path)
  const start = clock.now.getTime() - n
  const manifestId = sql`(select m.id from manifest m where m.repository_id = ${id} and m.digest = ${digest})`
  await run(world, [
    sql`insert into tag_revision (repository_id, name, manifest_id, started_at, cause, immutable)
      ${countTo(n)} select ${id}, 't' || i, ${manifestId}, ${start} + i, 'push', 0 from n`,
    sql`insert into tag (repository_id, name, revision_id, manifest_id, started_at, created_at, immutable, cause)
      select repository_id, name, id, manifest_id, started_at, started_at, 0, cause from tag_revision
      where repository_id = ${id} and ended_at is null and name glob 't[0-9]*'`,
    sql`update repository set tag_count = tag_count + ${n} where id = ${id}`,
  ])
}

/** A tag that has moved n times, a millisecond apart, always to one image. */
export async function seedMoves(world: World, path: string, name: string, n: number): Promise<string> {
  const digest = await world.image(path)
  const id = await world.repositoryId(path)
  const start = world.clock.now.getTime() - n - 1
  const manifestId = sql`(select m.id from manifest m where m.repository_id = ${id} and m.digest = ${digest})`
  await run(world, [
    sql`insert into tag_revision (repository_id, name, manifest_id, started_at, ended_at, cause, immutable)
      ${countTo(n)} select ${id}, ${name}, ${manifestId}, ${start} + i, case when i < ${n} then ${start} + i + 1 end, 'push', 0 from n`,
    sql`insert into tag (repository_id, name, revision_id, manifest_id, started_at, created_at, immutable, cause)
      select repository_id, name, id, manifest_id, started_at, ${start}, 0, cause from tag_revision
      where repository_id = ${id} and name = ${name} and ended_at is null`,
    sql`update repository set tag_count = tag_count + 1 where id = ${id}`,
  ])
  return digest
}

/** Repositories r1 to rn in a namespace, of which the account holds a role where `role` is given, itself or by a team. */
export async function seedRepositories(
  world: World,
  namespace: string,
  n: number,
  { isPublic = false, account, team }: { isPublic?: boolean; account?: string; team?: string } = {},
): Promise<void> {
  const { now } = world.clock
  const namespaceId = sql`(select a.id from account a where a.username = ${namespace})`
  const grantee = account
    ? sql`(select a.id from account a where a.username = ${account}), null`
    : sql`null, (select t.id from team t where t.name = ${team ?? ''})`
  const added = sql`namespace_id = ${namespaceId} and name glob 'r[0-9]*'`
  await run(world, [
    sql`insert into repository (namespace_id, name, is_public, badge_token, updated_at, created_at)
      ${countTo(n)} select ${namespaceId}, 'r' || i, ${isPublic ? 1 : 0}, 'badge', ${now.getTime()}, ${now.getTime()} from n`,
    ...(account || team
      ? [
          sql`insert into repository_grant (repository_id, account_id, team_id, role)
            select id, ${grantee}, 1 from repository where ${added}`,
        ]
      : []),
  ])
}

/** Manifests that refer to a subject, numbered from 1: the first `rare` of them of a type of their own. */
export async function seedReferrers(
  world: World,
  path: string,
  subject: string,
  n: number,
  { rare = 0, annotationBytes = 10 } = {},
): Promise<void> {
  const id = await world.repositoryId(path)
  await run(world, [
    sql`insert into manifest (repository_id, digest, media_type, artifact_type, schema_version, content, size_bytes,
        is_index, content_size_bytes, subject_digest, annotations, created_at)
      ${countTo(n)} select ${id}, 'sha256:' || printf('%064x', i), 'application/vnd.oci.image.manifest.v1+json',
        case when i <= ${rare} then 'application/x.rare' else 'application/x.usual' end, 2, '{}', 2, 0, 0, ${subject},
        json_object('note', substr(hex(zeroblob(${annotationBytes})), 1, ${annotationBytes})), 0 from n`,
  ])
}

// Through a CTE, D1 takes parameters in a batch only from builders; these statements are run one by one.
async function run({ store, meter }: World, statements: ReturnType<typeof sql>[]): Promise<void> {
  for (const statement of statements) await store.run(statement)
  meter.reset()
}
