import { registryHost } from '../runtimes/runtime.ts'
import type { RepositoryName, World } from '../seed.ts'
import * as query from './queries.ts'
import { coldTarget, hotTarget, type Prepared, type Scenario } from './scenario.ts'

const bearer = ({ token }: World) => ({ authorization: `Bearer ${token}` })

const tagList = (world: World, repository: RepositoryName) => ({
  path: `/api/v1/repository/${world.namespace}/${repository}/tag/?limit=50&onlyActiveTags=true`,
  headers: bearer(world),
})

const sizes: [RepositoryName, string, string][] = [
  ['thousand', '1k', '1,000'],
  ['hundred-thousand', '100k', '100,000'],
  ['million', '1m', '1,000,000'],
]

/** The newest fifty tags that live, as Quay's clients ask for them. */
const tagLists: Scenario[] = sizes.flatMap(([repository, size, count]) => {
  const prepare = async (world: World): Promise<Prepared> => {
    const { id } = await world.repository(repository)
    const prepared: Prepared = { writers: [[tagList(world, repository)]], query: query.livePage(id) }
    if (repository !== 'million') return prepared
    await world.repository('thousand')
    return { ...prepared, rival: { name: '50 of 1,000', writers: [[tagList(world, 'thousand')]] } }
  }
  const common = { status: 200, prepare } as const
  const quick = size !== '1m'
  return [
    {
      ...common,
      name: `list-${size}-hot`,
      title: `tag list, 50 of ${count}, kept at the edge`,
      app: 'hot',
      quick: size === '1k',
      floors: ['static', 'cache'],
      targets: [hotTarget],
    },
    {
      ...common,
      name: `list-${size}-cold`,
      title: `tag list, 50 of ${count}`,
      app: 'cold',
      quick,
      floors: ['static', 'query'],
      targets: size === '1m' ? [coldTarget, { of: 'rival', atLeast: 0.9 }] : [coldTarget],
    },
  ]
})

/** One tag that has moved 100,000 times: what lives, and all it ever meant. */
const movedLists: Scenario[] = [
  ...(['hot', 'cold'] as const).map(
    (app): Scenario => ({
      name: `list-moved-${app}`,
      title: `tag list of one tag moved 100,000 times${app === 'hot' ? ', kept at the edge' : ''}`,
      app,
      status: 200,
      floors: ['static', app === 'hot' ? 'cache' : 'query'],
      ...(app === 'hot' && { targets: [hotTarget] }),
      async prepare(world) {
        const { id } = await world.repository('moved')
        return { writers: [[tagList(world, 'moved')]], query: query.livePage(id) }
      },
    }),
  ),
  {
    name: 'history-moved-cold',
    title: 'history, 50 of 100,000 moves of one tag',
    app: 'cold',
    status: 200,
    floors: ['static', 'query'],
    async prepare(world) {
      const { id } = await world.repository('moved')
      const path = `/api/v1/repository/${world.namespace}/moved/tag/?limit=50`
      return { writers: [[{ path, headers: bearer(world) }]], query: query.historyPage(id) }
    },
  },
]

const tagLookups: Scenario[] = (['hot', 'cold'] as const).map((app) => ({
  name: `tag-${app}`,
  title: `tag by name, of 100,000${app === 'hot' ? ', kept at the edge' : ''}`,
  app,
  quick: true,
  status: 200,
  floors: ['static', app === 'hot' ? 'cache' : 'query'],
  ...(app === 'hot' && { targets: [hotTarget] }),
  async prepare(world) {
    const { id } = await world.repository('hundred-thousand')
    const path = `/api/v1/repository/${world.namespace}/hundred-thousand/tag/?specificTag=t77777&onlyActiveTags=true`
    return { writers: [[{ path, headers: bearer(world) }]], query: query.tagNamed(id, 't77777') }
  },
}))

const repositoryPage: Scenario = {
  name: 'repository-hot',
  title: 'a repository with its tags, 500 of 1,000, kept at the edge',
  app: 'hot',
  status: 200,
  floors: ['static', 'cache'],
  targets: [hotTarget],
  async prepare(world) {
    await world.repository('thousand')
    const path = `/api/v1/repository/${world.namespace}/thousand?includeTags=true`
    return { writers: [[{ path, headers: bearer(world) }]] }
  },
}

const swrLists: Scenario[] = [0, 49_990].map((offset) => ({
  name: `swr-${offset}-cold`,
  title: `SWR tag list, 10 of 100,000 at offset ${offset.toLocaleString('en')}`,
  app: 'cold',
  quick: offset > 0,
  status: 200,
  floors: ['static', 'query'],
  ...(offset > 0 && { targets: [{ of: 'rival', atLeast: 1 / 3 }] }),
  async prepare(world) {
    const { id } = await world.repository('hundred-thousand')
    const list = `/v2/manage/namespaces/${world.namespace}/repos/hundred-thousand/tags?limit=10&offset=`
    const headers = { 'x-auth-token': world.token }
    const place = { path: `${registryHost}/${world.namespace}/hundred-thousand`, repositoryId: id }
    const prepared: Prepared = {
      writers: [[{ path: list + offset, headers }]],
      query: query.swrPage(id, offset, place),
    }
    return offset === 0
      ? prepared
      : { ...prepared, rival: { name: 'offset 0', writers: [[{ path: `${list}0`, headers }]] } }
  },
}))

const swrHot: Scenario = {
  name: 'swr-0-hot',
  title: 'SWR tag list, 10 of 100,000, kept at the edge',
  app: 'hot',
  status: 200,
  floors: ['static', 'cache'],
  targets: [hotTarget],
  async prepare(world) {
    await world.repository('hundred-thousand')
    const path = `/v2/manage/namespaces/${world.namespace}/repos/hundred-thousand/tags?limit=10&offset=0`
    return { writers: [[{ path, headers: { 'x-auth-token': world.token } }]] }
  },
}

const ociLists: Scenario[] = [
  {
    name: 'oci-list-cold',
    title: 'OCI tags/list, n=1000 of 100,000, with a registry token',
    app: 'cold',
    status: 200,
    floors: ['static', 'query'],
    async prepare(world) {
      const { id } = await world.repository('hundred-thousand')
      const name = `${world.namespace}/hundred-thousand`
      const headers = { authorization: `Bearer ${await world.registryToken('hundred-thousand')}` }
      return { writers: [[{ path: `/v2/${name}/tags/list?n=1000`, headers }]], query: query.namesAfter(id, name, 1000) }
    },
  },
]

/** GETs only: wrk waits for the body that a HEAD announces. */
const manifests: Scenario[] = (['hot', 'cold'] as const).map((app) => ({
  name: `manifest-tag-${app}`,
  title: `manifest GET by tag, of 100,000, with a registry token${app === 'hot' ? ', kept at the edge' : ''}`,
  app,
  status: 200,
  floors: ['static', app === 'hot' ? 'cache' : 'query'],
  async prepare(world) {
    const { id } = await world.repository('hundred-thousand')
    const path = `/v2/${world.namespace}/hundred-thousand/manifests/t77777`
    const headers = { authorization: `Bearer ${await world.registryToken('hundred-thousand')}` }
    return { writers: [[{ path, headers }]], query: query.manifestOfTag(id, 't77777') }
  },
}))

/** Whoever has the answer already is told so in each dialect. */
const unchanged: Scenario[] = [
  {
    dialect: 'quay',
    words: 'Quay',
    path: (n: string) => `/api/v1/repository/${n}/tag/?limit=50&onlyActiveTags=true`,
    header: 'authorization',
  },
  {
    dialect: 'swr',
    words: 'SWR',
    path: (n: string) => `/v2/manage/namespaces/${n.replace('/', '/repos/')}/tags?limit=10&offset=0`,
    header: 'x-auth-token',
  },
  { dialect: 'oci', words: 'OCI', path: (n: string) => `/v2/${n}/manifests/t777`, header: 'authorization' },
].map(({ dialect, words, path, header }) => ({
  name: `unchanged-${dialect}-hot`,
  title: `304 to who has the answer already, ${words} dialect`,
  app: 'hot',
  quick: dialect === 'quay',
  status: 304,
  floors: ['static', 'cache'],
  targets: [hotTarget],
  async prepare(world) {
    await world.repository('thousand')
    const secret = dialect === 'oci' ? await world.registryToken('thousand') : world.token
    const headers = { [header]: header === 'authorization' ? `Bearer ${secret}` : secret }
    return { writers: [[{ path: path(`${world.namespace}/thousand`), headers }]] }
  },
}))

export const reads: Scenario[] = [
  ...tagLists,
  ...movedLists,
  ...tagLookups,
  repositoryPage,
  swrHot,
  ...swrLists,
  ...ociLists,
  ...manifests,
  ...unchanged,
]
