import type { Target } from '../request.ts'
import type { FloorName } from '../scenarios/scenario.ts'

/** How the registry calls itself, whoever asks for it. */
export const registryHost = 'registry.bench'

/** A row as the database gives it. */
export type Row = Record<string, unknown>

/** Our registry on one of its runtimes, and the floors beside it on the same one. */
export interface Runtime {
  name: 'workerd' | 'node'
  /** With versions, for a reader. */
  description: string
  /** Every lookup asks the store. */
  cold: Target
  /** As it is set up by default: lookups are kept at the edge. */
  hot: Target
  /** The same two, with the store's figures (see floors/metered.ts); where the store tells them. */
  metered?: { cold: Target; hot: Target }
  /** The registry as it was at other commits. */
  before: { commit: string; cold: Target; hot: Target }[]
  floor: Target
  /** What the floors here can show. */
  floors: readonly FloorName[]
  /** Reads and writes around the registry. One transaction. */
  sql(statements: readonly string[]): Promise<Row[][]>
  /** Where a profiler can listen. */
  inspector(app: 'cold' | 'hot'): Promise<string>
  /** Lines of the code that runs, where it was bundled. */
  bundle(): string[]
  stop(): Promise<void>
}
