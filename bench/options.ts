import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'workerd' },
    scenario: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '8' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    against: { type: 'string', multiple: true, default: [] },
    peer: { type: 'string', multiple: true, default: [] },
    profile: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
})

export type RuntimeName = 'workerd' | 'node'

export interface Options {
  runtimes: RuntimeName[]
  /** Names of scenarios, or beginnings of them. */
  scenarios: string[] | undefined
  quick: boolean
  rounds: number
  seconds: number
  connections: number
  json: string | undefined
  write: boolean
  peers: string[]
  /** Commits whose code takes part, on workerd. */
  against: string[]
  profile: string | undefined
  list: boolean
}

export const options: Options = {
  runtimes: values.runtime === 'all' ? ['workerd', 'node'] : [values.runtime as RuntimeName],
  scenarios: values.scenario?.flatMap((names) => names.split(',')),
  quick: values.quick,
  rounds: whole(values.rounds ?? (values.quick ? '3' : '5')),
  seconds: positive(values.seconds ?? '0.6'),
  connections: whole(values.connections),
  json: values.json,
  write: values.write,
  peers: values.peer,
  against: values.against,
  profile: values.profile,
  list: values.list,
}

if (!['workerd', 'node', 'all'].includes(values.runtime)) throw new Error('--runtime is workerd, node or all')

function positive(text: string): number {
  if (!(Number(text) > 0)) throw new Error(`${text} is no number above 0`)
  return Number(text)
}

function whole(text: string): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n < 1) throw new Error(`${text} is no whole number from 1 on`)
  return n
}
