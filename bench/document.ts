import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BytesLine } from './blobs.ts'
import type { Run } from './machine.ts'
import { both, type Line, rateText, ratioText } from './report.ts'
import type { Result } from './rounds.ts'

/** A whole run. */
export interface Report extends Run {
  lines: Line[]
  bytes: BytesLine[]
  /** Scenarios whose answers were wrong, and in what way. */
  refused: string[]
}

const file = join(dirname(import.meta.dirname), 'docs/benchmarks.md')

/** docs/benchmarks.md, with the figures of this run. */
export function writeDocument(report: Report): void {
  const names = [...new Set([...report.lines, ...report.bytes].map(({ runtime }) => runtime))]
  const sections = names.map((name, i) => runtimeSection(report, name, report.runtimes[i] ?? name))
  const refused = report.refused.map((text) => `\nRefused: ${text.split('\n')[0]}\n`)
  writeFileSync(file, `${introduction(report)}\n${sections.join('\n')}${refused.join('')}`)
  execFileSync('biome', ['format', '--write', file], { stdio: 'ignore' })
  console.log(`wrote ${file}`)
}

const introduction = ({ date, commit, machine, load, busyBefore, peers, runtimes }: Report) => `# Benchmarks

\`npm run bench\` makes these figures, and \`npm run bench -- --runtime all --write\` writes this page.

|          |                                                                                     |
| -------- | ----------------------------------------------------------------------------------- |
| when     | ${date} UTC, at ${commit} |
| where    | ${machine} |
| besides  | ${busyBefore} |
| load     | ${load} |
${runtimes.map((runtime) => `| runtime  | ${runtime} |`).join('\n')}
${peers.map((peer) => `| peer     | ${peer} |`).join('\n')}

## How to read them

Only ratios mean something elsewhere: the machine's own speed is in every rate, and so is whatever else it does. Hence
everything that is compared takes turns in short rounds, a ratio is of two neighbours in one round, and what stands here
is the median of the rounds, with the least and the most in brackets. Processor time per answer ("cpu") is disturbed
less, and stands beside. A scenario is refused where an answer is an error or has another length than it should; floors
have to send the very bytes that we send, peers the same JSON.

What we are compared with runs in the same process of workerd, or beside us on Node:

- **static**: a route of Hono and bytes that nobody looked up: what the runtime and the router cost.
- **cache**: a bare Worker that does one \`match\` of the Cache API (which local workerd simulates) and sends what it finds.
- **query**: a bare Worker that sends one query, written by hand, through the same index, and its rows as the same JSON. It
  asks nobody who they are; we find out in the same round trip who asks and what they may.
- **move**: a bare Worker that moves a tag by hand: the same two batches, guards and log line included, no rules.
- **bytes**: a bare Worker that streams to and from the bucket (on Node: a file), and hashes nothing.
- **docker-registry**: Debian's package, files in a folder, nobody asked who they are. Scenarios with "public repository" send the
  same anonymous requests to it and to us, for the same tags and manifests. We count each pull and log it, it does not.

"Kept at the edge" is the default setting: a lookup asks the store once in \`EDGE_TTL_SECONDS\`. All else is measured with
\`EDGE_TTL_SECONDS=0\`: each request asks the store. Trips, statements and rows are those of one request in a steady state, as D1
tells them; after a plus stands what follows the answer, which nobody waits for. \`--json FILE\` keeps all figures, and the SQL.

## How to repeat them

\`\`\`sh
npm ci
npm run bench                                  # workerd, all scenarios: about ten minutes
npm run bench -- --quick                       # less than two
npm run bench -- --runtime node                # or all
npm run bench -- --list                        # names of scenarios; \`blobs\` is one more
npm run bench -- --scenario 'list-1k-*' --rounds 10 --seconds 2 --connections 16 --json figures.json
npm run bench -- --profile list-1k-cold        # where the time goes, by function
npm run bench -- --against HEAD~20             # the code of another commit takes part, on workerd
npm run bench -- --peer http://127.0.0.1:5000  # another registry that takes pushes to bench/public
\`\`\`

\`wrk\` makes the load where it is installed, else autocannon. \`TMPDIR=/dev/shm\` keeps databases in memory: on a busy disk a
write's ratio says more about the disk.

## What each step brought

Processor time per answer, as a ratio to the floor's; all commits in one run of 2026-11-21 (\`--against\`), 6 rounds of 0.5 s:

| | of | at the start | texts of statements built once | kept answers not wrapped anew | pulls written together | one statement | now |
| - | - | - | - | - | - | - | - |
| | | 1e18201 | 637ff97 | 4847d7d | 2038aef | 492fa32 | |
| tag list, 50 of 1,000 | query | 0.38 | 0.57 | 0.57 | 0.59 | 0.71 | 0.68 |
| the same, kept at the edge | cache | 0.75 | 0.78 | 0.88 | 0.91 | 0.83 | 0.97 |
| manifest GET by tag | query | 0.26 | 0.34 | 0.36 | 0.51 | 0.55 | 0.66 |
| the same, kept at the edge | cache | 0.09 | 0.10 | 0.10 | 0.63 | 0.81 | 0.62 |
| tag move | move | 0.55 | 0.89 | 0.92 | 0.78 | 0.90 | 1.12 |

Neighbours in a row differ by chance by up to a tenth, manifests by more. The last step is made of three: short texts travel as
headers of the Cache API (its bodies cost as much to read as to find), the signature of a registry token is checked once (a 304
in the OCI dialect took 2.2 times as long before), and a move writes nothing that shows what is not hidden. Under Node,
compiled statements that are kept took a tag list from 2.4 to 0.7 ms of the processor, and a tag move from 2.6 to 0.7.

What was found on the way, of local D1: the hop alone is 0.8 of a query for 51 rows; each value of each row costs, so that 50
rows as one value of JSON are cheaper than as rows; and SQLite compiles a statement twice where its LIMIT is a parameter, which
took as long as the rest of it.

## What stands in the way

Profiles of 2026-11-21 (\`--profile\`), of the Worker's own thread:

- **A list that asks the store** (\`list-1k-cold\`): who asks, what they may and the page are one statement, which a bare Worker
  sends as fast as the floor's (0.98 of it). What is left is ours: D1's client takes a quarter, as in the floor; rows out of
  their JSON 13 %, Hono and our middleware 12 %, the answer with its validator 5 %.
- **An answer kept at the edge** (\`tag-hot\`): a fifth is the cache's \`match\`, as in the floor; the rest is spread thin: a
  response with its headers 9 %, what was kept as JSON 5 %, router, query, cookies and token about 2 % each.
- **A manifest kept at the edge**: its pull is counted and logged, in one batch with the others of the same tenth of a second.
  The floor does nothing of the kind.
- **SWR at offset 49,990 on Node**: what is skipped is counted off in an index, 2 ms for its 50,000 entries, on both runtimes. The
  page at offset 0 took longer than that before; now it takes 0.4 ms, and the ratio shows it.
- **docker-registry on workerd**: Go on all cores, where workerd has one thread for its Workers, local D1 and the Cache API. What
  asks the store, and a kept manifest, cannot get there: one bare query, or for manifests one \`match\`, makes fewer answers
  than it (the table below says how many). By processor time the kept answers are ahead of it. One process of Node, without these
  hops, is ahead in everything. \`npm start\` itself has wrangler's proxy in front,
  which is not measured here: a kept manifest made 422 answers a second through it, a file that no code of ours touches 594.
`

function runtimeSection({ lines, bytes }: Report, name: string, description: string): string {
  const own = lines.filter(({ runtime }) => runtime === name)
  const moved = bytes.filter(({ runtime }) => runtime === name)
  const parts = [`## ${description}\n`, targets(own), figures(own)]
  if (moved.length > 0) parts.push(transfers(moved))
  return parts.join('\n')
}

function targets(lines: Line[]): string {
  const rows = lines.flatMap(({ title, verdicts }) =>
    verdicts.map(({ of, atLeast, ratio, met }) => [
      title,
      of,
      atLeast.toFixed(2),
      ratio.toFixed(2),
      met ? 'met' : '**missed**',
    ]),
  )
  if (rows.length === 0) return ''
  return `### Targets\n\n${table(['', 'of', 'at least', 'is', ''], rows)}\n`
}

function figures(lines: Line[]): string {
  const rows = lines.map(({ title, results, cost, responseBytes, connections }) => {
    const [ours, ...others] = results
    const costs = cost
      ? (['roundTrips', 'statements', 'rowsRead', 'rowsWritten'] as const).map((key) =>
          both(cost.atOnce[key], cost.later[key]),
        )
      : ['', '', '', '']
    return [
      title + (connections === 1 ? ', one connection' : ''),
      ours ? rateText(ours.rate) : '',
      ours?.p50.median.toFixed(2) ?? '',
      ours?.cpu?.median.toFixed(2) ?? '',
      [...others.map(comparison), ...others.flatMap((peer) => floorsOf(peer, others))].join('<br>'),
      ...costs,
      String(responseBytes),
    ]
  })
  const heads = [
    '',
    'requests/s',
    'p50 ms',
    'cpu ms',
    'of (by cpu)',
    'trips',
    'statements',
    'rows read',
    'written',
    'bytes',
  ]
  const notes = lines.flatMap(({ title, note }) => (note ? [`${title}: ${note}.`] : []))
  return `### Requests\n\n${table(heads, rows)}\n${notes.map((note) => `\n${note}\n`).join('')}`
}

const comparison = ({ name, ratio, cpuRatio }: Result) =>
  `${name} ${ratioText(ratio)}${cpuRatio ? ` · ${cpuRatio.median.toFixed(2)}` : ''}`

/** How far a bare Worker gets of what another registry makes. */
function floorsOf(peer: Result, others: readonly Result[]): string[] {
  if (peer.kind !== 'peer') return []
  return others
    .filter(({ name }) => ['cache', 'query'].includes(name))
    .map(({ name, ratio }) => `(${name} alone is ${(peer.ratio.median / ratio.median).toFixed(2)} of ${peer.name})`)
}

function transfers(lines: BytesLine[]): string {
  const rows = lines.flatMap(({ direction, megabytes, results }) =>
    results.map(({ name, megabytesPerSecond, memory }) => [
      `${direction} of ${megabytes} MB`,
      name,
      rateText(megabytesPerSecond),
      memory ? `${memory.beforeMiB.toFixed(0)} → ${memory.peakMiB.toFixed(0)}` : '',
    ]),
  )
  const heads = ['', 'by', 'MB/s', 'resident MiB, before → most']
  return `### Blobs\n\nOne client, one blob at a time; pushes are a POST, a PATCH without a length, and a PUT. Memory is that of
the answering process, with all that the scenarios before left in it.\n\n${table(heads, rows)}\n`
}

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}
