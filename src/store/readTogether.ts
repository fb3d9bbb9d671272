import { sql } from 'drizzle-orm'
import { type Filled, type Found, type Template, valuesOfRows } from './reusable.ts'
import type { Statement, Store } from './store.ts'

/*
 * What a statement costs is mostly not its rows: each one is compiled, checked and answered on its own, and so is each
 * value of each row. A request that asks who somebody is gets exactly one row; all else that it reads travels in that
 * row, a column of JSON for each further statement.
 */

/** One statement in place of several. */
export interface Together {
  /** To be run in a batch, beside the others. It yields its row as an array. */
  statement: Statement
  /** As the driver prepared it, where it does. */
  stmt: unknown
  text: string
  values: unknown[]
  /** What could not be made part of it. */
  others: readonly Statement[]
  /** From its row, and the rows of the others, the rows that the statements would have yielded one by one. */
  apart(row: ArrayLike<unknown>, others: readonly unknown[]): unknown[][]
}

/** D1 takes no more of either. */
const parametersMax = 100
const argumentsMax = 32

/** @returns undefined where the first statement does not yield one row in any case */
export function readTogether(store: Store, statements: readonly Statement[]): Together | undefined {
  const [base, ...others] = statements.map((statement) => statement as Partial<Filled<Statement>>)
  if (!base?.template?.yieldsOneRow) return undefined
  const along: ReadPart[] = []
  let parameters = base.values?.length ?? 0
  const isAlong = others.map((statement) => {
    if (!isRead(statement) || parameters + statement.values.length > parametersMax) return false
    parameters += statement.values.length
    along.push(statement)
    return true
  })
  const read = base as ReadPart
  const whole = wholeOf(store, read.template, along)
  const values = [...along.flatMap((part) => part.values), ...read.values]
  return {
    ...whole,
    values,
    statement: {
      _prepare: () => ({
        stmt: whole.stmt,
        getQuery: () => ({ sql: whole.text, params: values }),
        mapResult: (found: Found) => valuesOfRows(found)[0],
      }),
    } as unknown as Statement,
    others: statements.slice(1).filter((_, i) => !isAlong[i]),
    apart(row, others) {
      const rest = others.values()
      let next = 0
      const rows = isAlong.map((wasAlong) => {
        if (!wasAlong) return rest.next().value as unknown[]
        const { template } = along[next] as ReadPart
        return rowsOf(template, row[next++] as string)
      })
      return [[read.template.read(row, along.length)], ...rows]
    },
  }
}

/** A read that can be part of another one. */
interface ReadPart {
  template: Template & { [K in 'fields' | 'read']: NonNullable<Template[K]> }
  values: unknown[]
}

const isRead = (statement: Partial<Filled<Statement>>): statement is ReadPart =>
  statement.template?.fields !== undefined && statement.template.text.startsWith('select ')

interface Whole {
  stmt: unknown
  text: string
}

const wholes = new WeakMap<object, Map<string, Whole>>()
const wholesMax = 500

function wholeOf(store: Store, base: Template, along: readonly ReadPart[]): Whole {
  const known = wholes.get(store.engine) ?? new Map<string, Whole>()
  wholes.set(store.engine, known)
  const key = along.reduce((ids, { template }) => `${ids} ${template.id}`, String(base.id))
  const whole = known.get(key) ?? prepareWhole(store, base, along)
  known.set(key, whole)
  if (known.size > wholesMax) known.delete(known.keys().next().value as string)
  return whole
}

const source = ' from (select 1)'

function prepareWhole(store: Store, base: Template, along: readonly ReadPart[]): Whole {
  const [columns = '', ...rest] = base.text.slice('select '.length).split(source)
  const all = [...along.map(({ template }, i) => `${asJson(template)} as along_${i}`), columns].join(', ')
  const query = store.select({ all: sql.raw(all) }).from(sql.raw(`(select 1)${rest.join(source)}`))
  const prepared = (query as unknown as { _prepare(): { stmt: unknown; getQuery(): { sql: string } } })._prepare()
  return { stmt: prepared.stmt, text: prepared.getQuery().sql }
}

/**
 * The rows of a statement as one value: an array of arrays, or of values where a row has but one. A function of SQL takes
 * only so many arguments.
 */
function asJson({ text, fields }: ReadPart['template']): string {
  const names = fields.map((_, i) => `c${i}`)
  const groups: string[] = []
  for (let i = 0; i < names.length; i += argumentsMax) groups.push(`json_array(${names.slice(i, i + argumentsMax)})`)
  const row = names.length === 1 ? names[0] : groups.length > 1 ? `json_array(${groups})` : groups[0]
  return `(with s(${names}) as (${text}) select json_group_array(${row}) from s)`
}

function rowsOf({ fields, read }: ReadPart['template'], json: string): unknown[] {
  const found = JSON.parse(json) as unknown[]
  if (fields.length === 1) return found.map((value) => read([value]))
  const rows = found as unknown[][]
  return fields.length > argumentsMax ? rows.map((row) => read(row.flat())) : rows.map((row) => read(row))
}
