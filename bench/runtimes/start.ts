import { startNode } from './node.ts'
import type { Runtime } from './runtime.ts'
import { startWorkerd } from './workerd.ts'

/** By the option's name. `readable`: for a profiler, with functions' names. */
export const startRuntime: Record<
  Runtime['name'],
  (options: { readable: boolean; against: readonly string[] }) => Promise<Runtime>
> = {
  workerd: startWorkerd,
  node: startNode,
}
