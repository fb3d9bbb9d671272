import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { generator } from './load/load.ts'
import { options } from './options.ts'

/** Under which circumstances figures came about. */
export interface Run {
  date: string
  commit: string
  machine: string
  load: string
  /** What else the machine did: processes that wanted a processor, in the minutes before. */
  busyBefore: string
  runtimes: string[]
  peers: string[]
}

export function describeRun(): Run {
  const { rounds, seconds, connections } = options
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: commit(),
    machine: `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`,
    load: `${generator} in a process of its own, ${connections} connections unless said otherwise, ${rounds} rounds of ${seconds} s`,
    busyBefore: `load average ${loadavg()
      .slice(0, 2)
      .map((value) => value.toFixed(1))
      .join(' and ')} in the 1 and 5 minutes before`,
    runtimes: [],
    peers: [],
  }
}

/** Unknown where the code did not come with its history. */
function commit(): string {
  const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' })
  return stdout?.trim() || 'a commit unknown'
}
