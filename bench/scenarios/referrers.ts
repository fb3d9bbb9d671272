import * as query from './queries.ts'
import type { Scenario } from './scenario.ts'

/** The first page of what 10,000 signatures of one manifest make. */
export const referrers: Scenario[] = [
  {
    name: 'referrers',
    title: 'referrers of a subject with 10,000 of them, 1,000 on a page',
    app: 'cold',
    status: 200,
    floors: ['static', 'query'],
    async prepare(world) {
      const { id, digests } = await world.repository('referred')
      const headers = { authorization: `Bearer ${await world.registryToken('referred')}` }
      const path = `/v2/${world.namespace}/referred/referrers/${digests[0]}`
      return { writers: [[{ path, headers }]], query: query.referrersOf(id, digests[0]) }
    },
  },
]
