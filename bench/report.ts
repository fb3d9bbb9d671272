import type { Cost } from './figures.ts'
import type { Result, Spread } from './rounds.ts'

export interface Line {
  runtime: string
  scenario: string
  title: string
  connections: number
  responseBytes: number
  cost: Cost | undefined
  results: Result[]
  note: string | undefined
}

const columns = [
  ['scenario', 22],
  ['req/s', 8],
  ['min–max', 13],
  ['p50 ms', 8],
  ['cpu ms', 8],
  ['of static', 10],
  ['of floor', 26],
  ['by cpu', 8],
  ['trips', 6],
  ['stmts', 6],
  ['read', 6],
  ['written', 8],
  ['bytes', 8],
] as const

export function printHead(): void {
  console.log(columns.map(([title, width], i) => (i === 0 ? title.padEnd(width) : title.padStart(width))).join(''))
}

export function printLine({ scenario, results, cost, responseBytes, note }: Line): void {
  const [ours, ...others] = results
  if (!ours) return
  const of = (name: string) => others.find((result) => result.name === name)?.ratio
  const floor = others.find(({ name }) => ['cache', 'query', 'move'].includes(name))
  const cells = [
    scenario,
    ours.rate.median.toFixed(0),
    `${ours.rate.min.toFixed(0)}–${ours.rate.max.toFixed(0)}`,
    ours.p50.median.toFixed(2),
    ours.cpu?.median.toFixed(2) ?? '–',
    of('static')?.median.toFixed(2) ?? '–',
    floor ? `${floor.name} ${ratioText(floor.ratio)}` : '–',
    floor?.cpuRatio?.median.toFixed(2) ?? '–',
    ...costCells(cost),
    String(responseBytes),
  ]
  console.log(
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(columns[i]?.[1] ?? 0) : cell.padStart(columns[i]?.[1] ?? 0)))
      .join(''),
  )
  if (note) console.log(`  ${note}`)
}

const ratioText = ({ median, min, max }: Spread) => `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`

/** What happens after the answer has left stands behind a plus. */
function costCells(cost: Cost | undefined): string[] {
  if (!cost) return ['–', '–', '–', '–']
  const { atOnce, later } = cost
  const both = (key: 'roundTrips' | 'statements' | 'rowsRead' | 'rowsWritten') =>
    later[key] > 0 ? `${atOnce[key]}+${later[key]}` : String(atOnce[key])
  return [both('roundTrips'), both('statements'), both('rowsRead'), both('rowsWritten')]
}
