import type { BytesLine } from './blobs.ts'
import type { Cost } from './figures.ts'
import type { Result, Spread } from './rounds.ts'
import type { Verdict } from './verdicts.ts'

/** What one scenario showed on one runtime. */
export interface Line {
  runtime: string
  scenario: string
  title: string
  connections: number
  responseBytes: number
  cost: Cost | undefined
  /** Ours first. */
  results: Result[]
  verdicts: Verdict[]
  note: string | undefined
}

export function printLine({ scenario, title, connections, results, verdicts, cost, responseBytes, note }: Line): void {
  const [ours, ...others] = results
  if (!ours) return
  console.log(`\n${scenario}: ${title}`)
  const figures = cost ? `, ${costText(cost)}` : ''
  console.log(
    `  ${rateText(ours.rate)} requests/s on ${connections}, p50 ${ours.p50.median.toFixed(2)} ms, p99 ${ours.p99.median.toFixed(1)} ms, cpu ${ours.cpu?.median.toFixed(2) ?? '–'} ms; ${responseBytes} bytes${figures}`,
  )
  for (const { name, rate, ratio, cpuRatio } of others) {
    const verdict = verdicts.find(({ of }) => of === name)
    const judged = verdict ? `  target ${verdict.atLeast.toFixed(2)}: ${verdict.met ? 'pass' : 'MISS'}` : ''
    const byCpu = cpuRatio ? `, by cpu ${cpuRatio.median.toFixed(2)}` : ''
    console.log(`  of ${name.padEnd(22)} ${ratioText(ratio)}${byCpu}, which made ${rateText(rate)}${judged}`)
  }
  if (note) console.log(`  ${note}`)
}

export const ratioText = ({ median, min, max }: Spread) => `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`
export const rateText = ({ median, min, max }: Spread) => `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`

/** What happens after the answer has left stands behind a plus. */
export function costText({ atOnce, later }: Cost): string {
  const names = { roundTrips: 'round trips', statements: 'statements', rowsRead: 'rows read', rowsWritten: 'written' }
  return Object.entries(names)
    .map(([key, name]) => `${both(atOnce[key as 'roundTrips'], later[key as 'roundTrips'])} ${name}`)
    .join(', ')
}

export const both = (atOnce: number, later: number) => (later > 0 ? `${atOnce}+${later}` : String(atOnce))

export function printBytes({ direction, megabytes, results }: BytesLine): void {
  console.log(`\n${direction} of ${megabytes} MB`)
  for (const { name, megabytesPerSecond: rate, memory } of results) {
    const held = memory
      ? `, ${memory.peakMiB.toFixed(0)} MiB resident at most, ${memory.beforeMiB.toFixed(0)} before`
      : ''
    console.log(`  ${name.padEnd(16)} ${rateText(rate)} MB/s${held}`)
  }
}
