/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest'
import { createWorld } from '../support/world.ts'
import { differingSteps, type Recorded } from './compare.ts'
import { replay } from './replay.ts'
import type { Scenario } from './scenario.ts'

/** What the real product answered to the same requests. */
const answers = import.meta.glob<{ default: { id: string; steps: Recorded[] } }>('./answers/*.json')
const scenarios = import.meta.glob<{ default: Scenario }>('./scenarios/*.ts')

const replayed = [
  'applications-1',
  'apptokens-1',
  'general-1',
  'immutability-1',
  'logs-1',
  'manifests-1',
  'messages-1',
  'organizations-1',
  'permissions-1',
  'prototypes-1',
  'repositories-1',
  'robots-1',
  'superuser-1',
  'tags-1',
  'teams-1',
  'users-1',
]

/** Recorded, but about parts of Quay that are not all here yet. What is here by now moves to `replayed`. */
const waiting: Record<string, string> = {
  'autoprune-1': 'auto-prune policies',
  'mirror-1': 'repository mirrors',
  'notifications-1': 'repository notifications',
  'proxycache-1': 'proxy caches',
  'quota-1': 'quotas',
  'search-1': 'search and entities',
}

const settings = Object.fromEntries(
  [
    'ASSIGN_OAUTH_TOKEN',
    'AUTO_PRUNE',
    'BUILD_SUPPORT',
    'CHANGE_TAG_EXPIRATION',
    'EDIT_QUOTA',
    'EXTENDED_REPOSITORY_NAMES',
    'IMAGE_PULL_STATS',
    'IMMUTABLE_TAGS',
    'PERMANENTLY_DELETE_TAGS',
    'PROXY_CACHE',
    'QUOTA_MANAGEMENT',
    'REPO_MIRROR',
    'USER_INITIALIZE',
  ].map((flag) => [`FEATURE_${flag}`, true]),
)

describe('the recorded answers of the real product', () => {
  it.each(replayed)('are ours too: %s', async (id) => {
    const [{ default: golden }, { default: scenario }] = await Promise.all([
      answers[`./answers/${id}.json`]?.() ?? Promise.reject(new Error(`no answers of ${id}`)),
      scenarios[`./scenarios/${id}.ts`]?.() ?? Promise.reject(new Error(`no scenario ${id}`)),
    ])
    const world = await createWorld({ empty: true, settings: { ...settings, EDGE_TTL_SECONDS: 5 } })
    const { steps, broken } = await replay(world, scenario)
    expect([...(broken ? [broken] : []), ...differingSteps(id, golden.steps, steps)]).toEqual([])
  })

  it('are all replayed, or wait for a part that is named', () => {
    const recorded = Object.keys(answers).map((path) => path.replace(/^.*\/|\.json$/g, ''))
    expect([...replayed, ...Object.keys(waiting)].sort()).toEqual(recorded.sort())
    expect(replayed.filter((id) => id in waiting)).toEqual([])
  })
})
