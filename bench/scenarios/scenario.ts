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

export type FloorName = 'static' | 'cache' | 'query' | 'move'

/** What one scenario sends, once what it needs is there. */
export interface Prepared {
  /** A list of requests for each writer; readers share one. */
  writers: Ask[][]
  query?: Query
  move?: { setup: MoveSetup; writers: Ask[][] }
  /** Runs after the rounds, and throws where something was lost. */
  verify?: () => Promise<string>
}

export interface Scenario {
  name: string
  title: string
  /** `hot`: lookups are kept at the edge; `cold`: each asks the store. */
  app: 'hot' | 'cold'
  /** Part of a \`--quick\` run. */
  quick?: boolean
  /** Otherwise as the options say. */
  connections?: number
  status: 200 | 201 | 304
  /** Each answer has other bytes, so that their number can't be checked. */
  varies?: boolean
  /** Whether the answer of a floor has to be the very bytes; a list of SWR names its host. */
  floors: FloorName[]
  prepare(world: World, runtime: Runtime): Promise<Prepared>
}
