import { sharedRepository } from '../peers/peer.ts'
import * as query from './queries.ts'
import { hotTarget, type Prepared, type Scenario } from './scenario.ts'

/** What every registry answers to anybody, at equal content: the scenarios that peers take part in. */
const asked = [
  { name: 'list', title: 'tags/list, n=1000 of 1,000', path: '/tags/list?n=1000' },
  { name: 'tag', title: 'manifest GET by tag', path: '/manifests/t777' },
  { name: 'digest', title: 'manifest GET by digest', path: '/manifests/' },
] as const

export const publicReads: Scenario[] = asked.flatMap(({ name, title, path }) =>
  (['hot', 'cold'] as const).map((app) => ({
    name: `public-${name}-${app}`,
    title: `${title}, public repository${app === 'hot' ? ', kept at the edge' : ''}`,
    app,
    quick: app === 'hot',
    status: 200,
    floors: ['static', app === 'hot' ? 'cache' : 'query'],
    targets: [...(name === 'list' && app === 'hot' ? [hotTarget] : []), { of: 'peers', atLeast: 1 }],
    async prepare(world): Promise<Prepared> {
      const { id, digests } = await world.repository('public')
      const [digest] = digests
      const ask = {
        path: `/v2/${sharedRepository}${path}${name === 'digest' ? digest : ''}`,
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      }
      const queries = {
        list: query.namesAfter(id, sharedRepository, 1000),
        tag: query.manifestOfTag(id, 't777'),
        digest: query.manifestByDigest(id, digest),
      }
      return { writers: [[ask]], query: queries[name], peers: [[ask]] }
    },
  })),
)
