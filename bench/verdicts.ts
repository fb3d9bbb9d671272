import type { Result } from './rounds.ts'
import type { Scenario, Target } from './scenarios/scenario.ts'

/** Whether a target was met, against one of those that it names. */
export interface Verdict {
  of: string
  atLeast: number
  ratio: number
  met: boolean
}

/** Floors are Workers' floors: on another runtime they are shown, and judge nothing. */
export function verdictsOf({ targets = [] }: Scenario, runtime: string, results: Result[]): Verdict[] {
  const [, ...others] = results
  return targets.flatMap(({ of, atLeast }) => {
    const isFloor = of !== 'rival' && of !== 'peers'
    if (isFloor && runtime !== 'workerd') return []
    return others
      .filter(({ kind, name }) => (isFloor ? name === of : kind === kinds[of as 'rival' | 'peers']))
      .map(({ name, ratio: { median: ratio } }) => ({ of: name, atLeast, ratio, met: ratio >= atLeast }))
  })
}

const kinds = { rival: 'rival', peers: 'peer' } as const satisfies Record<
  Exclude<Target['of'], 'static' | 'cache' | 'query' | 'move' | 'bytes'>,
  string
>
