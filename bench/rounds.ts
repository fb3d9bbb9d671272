import { readFileSync } from 'node:fs'
import { type Load, load, type Measured } from './load/load.ts'

/** What takes part in a scenario: ours, a floor, or a peer. */
export interface Contender extends Omit<Load, 'seconds'> {
  name: string
  kind: 'ours' | 'floor' | 'rival' | 'before' | 'peer'
  /** Of one answer, heads too; undefined where answers differ. */
  wireBytes: number | undefined
}

export interface Spread {
  median: number
  min: number
  max: number
}

export interface Result {
  name: string
  kind: Contender['kind']
  rate: Spread
  p50: Spread
  p99: Spread
  /** Processor time that the answering process took for each answer, in milliseconds. */
  cpu: Spread | undefined
  /** Rates: of the first contender to this one, round by round. */
  ratio: Spread
  /** The same of what one answer took of the processor: hardly disturbed by what else the machine does. */
  cpuRatio: Spread | undefined
}

/** Contenders take turns, and each round begins with another one: what else the machine does falls on all of them. */
export async function compete(contenders: Contender[], rounds: number, seconds: number): Promise<Result[]> {
  for (const contender of contenders) await load({ ...contender, seconds })
  const measured = contenders.map((): Run[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const place = (round % 2 === 0 ? turn : contenders.length - 1 - turn) % contenders.length
      const which = (place + Math.floor(round / 2)) % contenders.length
      measured[which]?.push(await measure(contenders[which] as Contender, seconds))
    }
  }
  const rateOf = ({ requests, seconds }: Measured) => requests / seconds
  const ours = (measured[0] ?? []).map(rateOf)
  return contenders.map(({ name, kind }, i) => {
    const runs = measured[i] ?? []
    return {
      name,
      kind,
      rate: spread(runs.map(rateOf)),
      p50: spread(runs.map(({ p50 }) => p50)),
      p99: spread(runs.map(({ p99 }) => p99)),
      cpu: spreadOf(runs.map(({ cpu }) => cpu)),
      ratio: spread(runs.map((run, round) => (ours[round] ?? 0) / rateOf(run))),
      cpuRatio: spreadOf(runs.map(({ cpu }, round) => quotient(cpu, measured[0]?.[round]?.cpu))),
    }
  })
}

interface Run extends Measured {
  cpu: number | undefined
}

const quotient = (a: number | undefined, b: number | undefined) => (a === undefined || !b ? undefined : a / b)

/** @throws where an answer was an error, or not as long as it should have been */
async function measure(contender: Contender, seconds: number): Promise<Run> {
  const { name, wireBytes, connections, target } = contender
  const before = processorTime(target.pid)
  const measured = await load({ ...contender, seconds })
  const after = processorTime(target.pid)
  const { requests, errors, refused, bytes } = measured
  if (errors + refused > 0 || requests === 0) {
    throw new Error(`${name}: ${requests} answers, ${errors} errors, ${refused} refusals`)
  }
  // What was still under way when time was up has been read in part.
  const slack = wireBytes && wireBytes * (connections + 1) + requests * wireBytes * 0.01 + requests
  if (wireBytes && slack && Math.abs(bytes - requests * wireBytes) > slack) {
    throw new Error(`${name}: ${requests} answers of ${bytes} bytes, where one has ${wireBytes}`)
  }
  return { ...measured, cpu: before === undefined || after === undefined ? undefined : (after - before) / requests }
}

/** In milliseconds, of all of a process's threads; where the system tells it. */
function processorTime(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Undefined where one of the values is. */
function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === values.length ? spread(known) : undefined
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  return { median, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 }
}
