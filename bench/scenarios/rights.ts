import { createHash } from 'node:crypto'
import { mustSend } from '../request.ts'
import { type Runtime, registryHost } from '../runtimes/runtime.ts'
import { basic, type World } from '../seed.ts'
import * as query from './queries.ts'
import type { Scenario } from './scenario.ts'

const json = { 'content-type': 'application/json' }

/** `docker login` and every pull begin with one: a registry token for what was proved. */
const exchanges: Scenario[] = (['robot', 'password'] as const).map((kind) => ({
  name: `token-${kind}`,
  title: `token exchange by ${kind === 'robot' ? "a robot's token" : 'a password'}`,
  app: 'cold',
  quick: kind === 'robot',
  status: 200,
  varies: true,
  floors: ['static'],
  async prepare(world, { cold }) {
    await world.repository('thousand')
    const headers = kind === 'robot' ? await robotOf(world, cold) : basic
    const path = `/v2/auth?service=${registryHost}&scope=repository:${world.namespace}/thousand:pull`
    return { writers: [[{ path, headers }]] }
  },
}))

async function robotOf({ namespace, token }: World, cold: Runtime['cold']) {
  const made = await mustSend(cold, {
    method: 'PUT',
    path: `/api/v1/user/robots/puller`,
    headers: { ...json, authorization: `Bearer ${token}` },
    body: '{}',
  })
  const { token: secret } = JSON.parse(made.body.toString())
  return { authorization: `Basic ${btoa(`${namespace}+puller:${secret}`)}` }
}

/** A member of as many teams, each of which may read the repository. */
const teams: Scenario = {
  name: 'teams-1000',
  title: 'tag list, 50 of 1,000, for a member of 1,000 teams',
  app: 'cold',
  quick: true,
  status: 200,
  floors: ['static', 'query'],
  async prepare(world, runtime) {
    const { id } = await world.repository('shared')
    const path = `/api/v1/repository/${world.namespace}org/shared/tag/?limit=50&onlyActiveTags=true`
    await organize(world, runtime, id)
    const ask = (name: string) => ({ path, headers: { authorization: `Bearer ${tokenOf(name)}` } })
    return {
      writers: [[ask('many')]],
      query: query.livePage(id),
      rival: { name: 'a member of one team', writers: [[ask('few')]] },
    }
  },
}

const tokenOf = (name: string) => name.padEnd(40, 'x')

/** Moves the repository to an organization of 1,000 teams, of which \`many\` is in all and \`few\` in one. */
async function organize({ namespace }: World, { sql }: Runtime, repositoryId: number) {
  const member = (name: string) => {
    const token = tokenOf(name)
    const hash = createHash('sha256').update(token).digest('hex')
    return [
      `insert into account (uuid, kind, username, email, tag_expiration_seconds, created_at, swr_id)
       select '${name}', 'user', '${name}', '${name}@example.com', tag_expiration_seconds, created_at, '${name}'
       from account where username = '${namespace}'`,
      `insert into access_token (uuid, lookup, secret_hash, application_id, account_id, scope, created_at, expires_at)
       select '${name}', '${token.slice(0, 20)}', '${hash}', application_id, (select id from account where username = '${name}'),
         scope, created_at, expires_at from access_token order by id limit 1`,
    ]
  }
  const organization = `(select id from account where username = '${namespace}org')`
  await sql([
    `insert into account (uuid, kind, username, email, tag_expiration_seconds, created_at, swr_id)
     select 'org', 'organization', username || 'org', 'org', tag_expiration_seconds, created_at, 'org'
     from account where username = '${namespace}'`,
    `update repository set namespace_id = ${organization} where id = ${repositoryId}`,
    `insert into team (organization_id, name, role)
     with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 1000)
     select ${organization}, 'team' || n, 1 from numbers`,
    `insert into repository_grant (repository_id, team_id, role)
     select ${repositoryId}, id, 1 from team where organization_id = ${organization}`,
    ...member('many'),
    ...member('few'),
    `insert into team_member (account_id, team_id) select a.id, t.id from account a, team t
     where t.organization_id = ${organization} and (a.username = 'many' or (a.username = 'few' and t.name = 'team1'))`,
  ])
}

export const rights: Scenario[] = [...exchanges, teams]
