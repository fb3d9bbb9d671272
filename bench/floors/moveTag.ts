import type { Row } from './shapes.ts'

/** A statement with what is bound to it. */
export type Bound = readonly [text: string, ...values: unknown[]]

/** Whose token it is, the repository, and the tag's way there: what a floor is told once. */
export interface MoveSetup {
  lookup: string
  namespace: string
  repository: string
}

/**
 * The move of a tag as one writes it by hand: one batch to know, one to change, and the same rows read and written as by
 * the registry, guards included. Nothing else: no rules, no dialect, no refusals but one.
 */
export async function moveTag(
  batch: (statements: readonly Bound[]) => Promise<Row[][]>,
  { lookup, namespace, repository }: MoveSetup,
  name: string,
  digest: string,
): Promise<void> {
  const now = Date.now()
  const [[who], [place], [live], [last], [target], rules] = (await batch([
    [whoText, lookup],
    [placeText, lookup, namespace, repository],
    [liveText, namespace, repository, name],
    [lastText, namespace, repository, name],
    [targetText, now, now, namespace, repository, digest],
    [rulesText, namespace, namespace, repository],
  ])) as [Row[], Row[], Row[], Row[], Row[], Row[]]
  if (!who || !place || !live || !last || !target?.is_reachable) throw new Error('nothing to move')
  const at = Math.max(now, (last.started_at as number) + 1)
  const metadata = {
    username: who.username,
    repo: repository,
    tag: name,
    namespace,
    manifest_digest: digest,
    original_manifest_digest: live.digest,
    oauth_token_id: who.token_id,
    oauth_token_application_id: who.client_id,
    oauth_token_application: who.application,
  }
  const id = place.repository_id
  await batch([
    [guardRulesText, place.namespace_id, id, JSON.stringify(rules.map((rule) => [rule.pattern, rule.matches]))],
    [guardTagText, id, name, `${live.revision_id}:${live.immutable}:`, id, name, last.id, id],
    [endText, at, live.revision_id],
    [startText, id, name, target.id, at],
    [pointText, target.id, at, id, name, id, name],
    [presenceText, id, target.id],
    [reviveText, id, target.id],
    [versionText, at, id],
    [eventText, place.namespace_id, id, who.id, at, JSON.stringify(metadata)],
  ])
}

const repositoryOf = `(select r.id from repository r join account n on n.id = r.namespace_id
  where n.username = ? and r.name = ? and r.deleted_at is null)`

const whoText = `select a.*, t.id token_id, t.secret_hash, t.scope, t.expires_at, t.last_accessed_at, o.client_id, o.name application
  from access_token t join account a on a.id = t.account_id join oauth_application o on o.id = t.application_id where t.lookup = ?`

const placeText = `with me(id) as (select account_id from access_token where lookup = ?)
  select n.id namespace_id, n.username, n.kind, n.enabled, r.id repository_id, r.is_public, r.state, r.badge_token, r.generation,
    (select max(t.role) from team_member m join team t on t.id = m.team_id
     where m.account_id = me.id and t.organization_id = n.id) team_rank,
    (select role from repository_grant where repository_id = r.id and account_id = me.id) direct_rank,
    (select max(g.role) from repository_grant g join team_member m on m.team_id = g.team_id and m.account_id = me.id
     where g.repository_id = r.id and g.team_id is not null) team_grant_rank
  from me, account n join repository r on r.namespace_id = n.id and r.deleted_at is null where n.username = ? and r.name = ?`

const liveText = `select t.*, m.digest from tag t join manifest m on m.id = t.manifest_id
  where t.repository_id = ${repositoryOf} and t.name = ?`

const lastText = `select * from tag_revision where repository_id = ${repositoryOf} and name = ? order by started_at desc, id desc limit 1`

const targetText = `select m.*, exists (select 1 from tag t where t.manifest_id = m.id and (t.expires_at is null or t.expires_at > ?))
    or exists (select 1 from manifest_child c join tag t on t.manifest_id = c.parent_id
      where c.repository_id = m.repository_id and c.child_digest = m.digest and (t.expires_at is null or t.expires_at > ?)) is_reachable
  from manifest m where m.repository_id = ${repositoryOf} and m.digest = ?`

const rulesText = `select pattern, matches from immutability_policy where namespace_id = (select id from account where username = ?)
  and (repository_id is null or repository_id = ${repositoryOf}) order by id`

const guardRulesText = `select case when (select json_group_array(json_array(pattern, matches)) from (
    select pattern, matches from immutability_policy where namespace_id = ? and (repository_id is null or repository_id = ?) order by id))
  = ? then 1 else json('lost race') end ok`

const guardTagText = `select case when
    (select revision_id || ':' || immutable || ':' || coalesce(expires_at, '') from tag where repository_id = ? and name = ?) is ?
    and (select id from tag_revision where repository_id = ? and name = ? order by started_at desc, id desc limit 1) is ?
    and exists (select 1 from repository where id = ? and deleted_at is null)
  then 1 else json('lost race') end ok`

const endText = 'update tag_revision set ended_at = ? where id = ? and ended_at is null'

const startText = `insert into tag_revision (repository_id, name, manifest_id, started_at, cause, immutable) values (?, ?, ?, ?, 'move', 0)`

const pointText = `update tag set manifest_id = ?, started_at = ?, expires_at = null, immutable = 0, cause = 'move',
    revision_id = (select id from tag_revision where repository_id = ? and name = ? and ended_at is null)
  where repository_id = ? and name = ?`

const presenceText = `update manifest set children = children where id in (select parent_id from manifest_child
  where repository_id = ? and child_digest = (select m.digest from manifest m where m.id = ? and m.deleted_at is not null))`

const reviveText = 'update manifest set deleted_at = null where repository_id = ? and id = ? and deleted_at is not null'

const versionText = 'update repository set generation = generation + 1, updated_at = ? where id = ?'

const eventText = `insert into event (kind, namespace_id, repository_id, performer_id, at, metadata) values ('move_tag', ?, ?, ?, ?, ?)`
