import type { MoveSetup } from '../floors/moveTag.ts'
import type { Shape } from '../floors/shapes.ts'
import type { Ask } from '../request.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import type { World } from '../seed.ts'

/** One hand-written query that yields the rows of an answer. */
export interface Query {
  text: string
  values: unknown[]
  shape: Shape
  along?: unknown
}

export type FloorName = 'static' | 'cache' | 'query' | 'move' | 'bytes'

/** What one scenario sends, once what it needs is there. */
export interface Prepared {
  /** A list of requests for each writer; readers share one. */
  writers: Ask[][]
  query?: Query
  move?: { setup: MoveSetup; writers: Ask[][] }
  /** Ours again, asked something else: what the scenario is compared with besides floors. */
  rival?: { name: string; writers: Ask[][] }
  /** What other registries are asked, where they hold the same. */
  peers?: Ask[][]
  /** Runs after the rounds, and throws where something was lost. */
  verify?: () => Promise<string>
}

/** What the rate has to be at least, in parts of that of a floor, a rival, or every peer. */
export interface Target {
  of: FloorName | 'rival' | 'peers'
  atLeast: number
}

/** Lookups kept at the edge, beside one match of the Cache API. */
export const hotTarget: Target = { of: 'cache', atLeast: 0.85 }
/** Lists that ask the store, beside one query. */
export const coldTarget: Target = { of: 'query', atLeast: 0.85 }

export interface Scenario {
  name: string
  title: string
  /** `hot`: lookups are kept at the edge; `cold`: each asks the store. */
  app: 'hot' | 'cold'
  /** Part of a `--quick` run. */
  quick?: boolean
  /** Otherwise as the options say. */
  connections?: number
  status: 200 | 201 | 304
  /** Each answer has other bytes, so that their number can't be checked. */
  varies?: boolean
  floors: FloorName[]
  targets?: Target[]
  prepare(world: World, runtime: Runtime): Promise<Prepared>
}
