import { asc, sql } from 'drizzle-orm'
import type { Store } from './store.ts'

/** A team with more grants than this is thought to reach much of its organization, whose names are then walked in order. */
const fewGrants = 200

/**
 * `namespace/name` of what an account holds rights on: its own, its organizations' as an admin, and what it was granted;
 * `limit` of them after `last`. Where it holds all or much of a namespace, as many names are read as the page needs, and
 * no namespace behind the end of the page is looked at; grants of few teams, and of the account itself, are read whole.
 */
export function catalogPage(store: Store, accountId: number, last: string, limit: number) {
  const slash = last.indexOf('/') + 1
  const lastNamespace = slash > 0 ? last.slice(0, slash) : last
  const lastName = last.slice(slash)
  const myTeams = sql`(select m.team_id from team_member m where m.account_id = ${accountId})`
  // Names after the last one. Of two namespaces the slash is compared too: `a-b/` comes before `a/`.
  const isAfter = sql`(n.username || '/' > ${lastNamespace} or (n.username || '/' = ${lastNamespace} and r.name > ${lastName}))`
  return store
    .select({ path: sql<string>`path`.as('path') })
    .from(
      sql`(
      with recursive
        held(id, whole) as (
          select id, max(whole) from (
            select ${accountId} id, 1 whole
            union all
            select t.organization_id, t.role = 3 from team_member m join team t on t.id = m.team_id
            where m.account_id = ${accountId} and (t.role = 3 or ${fewGrants} < (
              select count(*) from (select 1 from repository_grant g where g.team_id = t.id limit ${fewGrants + 1}))))
          group by id),
        place(i, id, whole, prefix) as (
          select row_number() over (order by n.username || '/'), n.id, held.whole, n.username || '/'
          from held join account n on n.id = held.id
          where n.enabled = 1 and n.username || '/' >= ${lastNamespace}),
        walk(i, before, prefix, names) as (
          select 0, 0, '', '[]'
          union all
          select place.i, walk.before + json_array_length(walk.names), place.prefix, (
            select json_group_array(name) from (
              select r.name from repository r
              where r.namespace_id = place.id and r.deleted_at is null
                and r.name > case when place.prefix = ${lastNamespace} then ${lastName} else '' end
                and (place.whole
                  or exists (select 1 from repository_grant g where g.repository_id = r.id and g.account_id = ${accountId})
                  or exists (select 1 from repository_grant g where g.repository_id = r.id and g.team_id in ${myTeams}))
              order by r.name limit ${limit}))
          from walk join place on place.i = walk.i + 1
          where walk.before + json_array_length(walk.names) < ${limit})
      select walk.prefix || j.value path from walk, json_each(walk.names) j
      union
      select n.username || '/' || r.name from (
        select g.repository_id id from repository_grant g where g.account_id = ${accountId}
        union
        select g.repository_id from team_member m join repository_grant g on g.team_id = m.team_id
        where m.account_id = ${accountId} and (select t.organization_id from team t where t.id = m.team_id) not in (select id from held)
      ) granted
      join repository r on r.id = granted.id and r.deleted_at is null
      join account n on n.id = r.namespace_id and n.enabled = 1
      where ${isAfter})`,
    )
    .orderBy(asc(sql`path`))
    .limit(limit)
}
