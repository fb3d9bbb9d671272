import allowances from './allowances.json'

/** One step of a transcript, in normal form. */
export interface Recorded {
  n: number
  as?: string
  request?: string
  status?: number | undefined
  headers?: Record<string, string>
  body?: unknown
  compare?: string
  unstable?: unknown
}

/** A difference that has been decided. It fits where every member that it has fits; patterns are regular expressions. */
interface Allowance {
  reason: string
  scenario?: string
  step?: number | number[]
  as?: string
  request?: string
  path?: string
  golden?: number | number[]
  ours?: number | number[]
  expected?: string
  got?: string
}

interface Difference {
  path: string
  expected: unknown
  got: unknown
}

/** Every step whose answer differs from the recorded one in a way that nobody decided on. */
export function differingSteps(id: string, golden: readonly Recorded[], ours: readonly Recorded[]): string[] {
  return golden.flatMap((step) => {
    const other = ours.find(({ n }) => n === step.n)
    const label = `${id} ${step.n} [${step.as}] ${step.request}`
    if (!other) return [`${label}: never sent`]
    const found = [...differences(step, other)].find((difference) => !isAllowed(id, step, other, difference))
    return found ? [`${label}: ${found.path}: expected ${short(found.expected)}, got ${short(found.got)}`] : []
  })
}

function* differences(golden: Recorded, ours: Recorded): Generator<Difference> {
  if (golden.status !== ours.status) yield { path: 'status', expected: golden.status, got: ours.status }
  if (golden.compare === 'status' || golden.unstable) return
  for (const name of new Set([...Object.keys(golden.headers ?? {}), ...Object.keys(ours.headers ?? {})])) {
    const [expected, got] = [golden.headers?.[name], ours.headers?.[name]]
    if (expected !== got) yield { path: `header ${name}`, expected, got }
  }
  yield* deep('body', golden.body, ours.body)
}

function* deep(path: string, a: unknown, b: unknown): Generator<Difference> {
  if (a === b) return
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return yield { path, expected: a, got: b }
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length)
    yield { path: `${path}.length`, expected: a.length, got: b.length }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) yield* deep(`${path}.${key}`, a[key], b[key])
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function isAllowed(id: string, golden: Recorded, ours: Recorded, { path, expected, got }: Difference): boolean {
  const fits = (pattern: string | undefined, text: string | undefined) =>
    pattern === undefined || new RegExp(pattern).test(text ?? '')
  const isOf = <T>(wanted: T | T[] | undefined, value: T | undefined) =>
    wanted === undefined || [wanted].flat().includes(value as never)
  return (allowances as Allowance[]).some(
    (rule) =>
      fits(rule.scenario, id) &&
      isOf(rule.step, golden.n) &&
      fits(rule.as, golden.as) &&
      fits(rule.request, golden.request) &&
      fits(rule.path, path) &&
      isOf(rule.golden, golden.status) &&
      isOf(rule.ours, ours.status) &&
      fits(rule.expected, JSON.stringify(expected)) &&
      fits(rule.got, JSON.stringify(got)),
  )
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
