import { Column, is, noopDecoder, Placeholder, SQL, sql } from 'drizzle-orm'
import type { RunnableQuery } from 'drizzle-orm/runnable-query'
import type { Result, Statement, Store } from './store.ts'

/*
 * To build a statement's text takes longer than SQLite needs to run it. Here it is built once for each shape that it
 * has, and each request brings only its values.
 */

/** What a statement is run with. Undefined values and flags shape its text; everything else only takes a place in it. */
type Value = string | number | boolean | Date | SQL | null | undefined

/** What stands in the text for a value. A date is there in epoch milliseconds, as columns keep it. */
type Given<T> = T extends undefined | boolean ? T : T extends SQL ? T : SQL<T> & Placeholder

type AllGiven<V> = { [K in keyof V]: Given<V[K]> }

/** A statement with its values: it runs as part of a batch, and cannot be awaited. */
export type Filled<S extends Statement> = RunnableQuery<Result<S>, 'sqlite'> & { template: Template; values: unknown[] }

/** The row that a reusable statement yields. */
export type RowOf<F extends (...args: never[]) => Statement> = Result<ReturnType<F>>[number]

interface Piece {
  shape: string
  values: Readonly<Record<string, Value>>
  build(given: never): SQL
}

const pieces = new WeakMap<SQL, Piece>()

/**
 * A piece of SQL that reusable statements take as one of their values.
 * @param shape names its text: equal shapes have equal texts
 */
export function piece<T, const V extends Readonly<Record<string, Value>>>(
  shape: string,
  values: V,
  build: (given: V | AllGiven<V>) => SQL<T>,
): SQL<T> {
  const made = build(values)
  pieces.set(made, { shape, values, build })
  return made
}

/**
 * A whole number that stands in the text itself. SQLite compiles a statement twice where its LIMIT is a parameter: once
 * before it knows the value, and again because of it.
 */
export function numeral(value: number): SQL<number> & Placeholder {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`)
  return piece(String(value), {}, () => sql.raw(String(value)) as SQL<number>) as SQL<number> & Placeholder
}

/** What drizzle made of a statement: its text, what fills it, and what reads its rows. */
interface Prepared {
  stmt?: unknown
  getQuery(): { sql: string; params: unknown[] }
  mapResult(found: unknown, isFromBatch: boolean): unknown
  fields?: Field[]
}

interface Preparable {
  _prepare(): Prepared
}

/**
 * A statement whose text is built once for each shape of its values, on each engine.
 * @param takeApart tells the values that the text has places for
 * @param build sees those places instead of values
 * @param yieldsOneRow whatever it finds, so that other reads can be made part of it: see `readTogether`
 */
export function reusable<A extends readonly unknown[], V extends { [K in keyof V]: Value }, S extends Statement>(
  takeApart: (...args: A) => V,
  build: (store: Store, given: AllGiven<V>) => S,
  { yieldsOneRow = false }: { yieldsOneRow?: boolean } = {},
): (store: Store, ...args: A) => Filled<S> {
  const engines = new WeakMap<object, Map<string, Template>>()
  return (store, ...args) => {
    const values = takeApart(...args)
    const filling: unknown[] = []
    const shape = flatten(values as never, filling)
    const prepareAnew = () => prepare(build(store, holesOf(values as never) as AllGiven<V>), yieldsOneRow)
    if (shape.includes(foreign)) return fill({ ...prepareAnew(), fields: undefined }, filling) as unknown as Filled<S>
    const templates = engines.get(store.engine) ?? new Map<string, Template>()
    engines.set(store.engine, templates)
    const template = templates.get(shape) ?? prepareAnew()
    templates.set(shape, template)
    if (templates.size > shapesMax) templates.delete(templates.keys().next().value as string)
    return fill(template, filling) as unknown as Filled<S>
  }
}

/** Numerals make a shape for each page size that a client thinks of. */
const shapesMax = 200

/** Stands in a shape for SQL that is no piece: nobody knows its text, so what holds it is built each time. */
const foreign = '!'

export interface Template {
  /** Tells it from all others. */
  id: number
  yieldsOneRow: boolean
  prepared: Prepared
  text: string
  /** The columns of its rows, where it has any and they are those of other statements too. */
  fields: readonly Field[] | undefined
  read: ((values: ArrayLike<unknown>, from?: number) => unknown) | undefined
  /** For each parameter which of the values it is, or the value itself where it is always the same. */
  params: (number | { always: unknown })[]
}

let templatesMade = 0

function prepare(statement: Statement, yieldsOneRow: boolean): Template {
  const prepared = (statement as unknown as Preparable)._prepare()
  const query = prepared.getQuery()
  const params = query.params.map((param) => (is(param, Placeholder) ? Number(param.name) : { always: param }))
  const { fields } = prepared
  const read = fields && rowReader(fields)
  return { id: templatesMade++, yieldsOneRow, prepared, text: query.sql, params, fields, read }
}

/** A column of a row: its place in the row, and what reads it. */
interface Field {
  path: string[]
  field: Decoder | { sql: { decoder: Decoder } } | { decoder: Decoder }
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

function decoderOf(field: Field['field']): Decoder {
  if ('mapFromDriverValue' in field) return field
  return 'sql' in field ? field.sql.decoder : field.decoder
}

/**
 * Makes rows of what the driver found. Drizzle's own way looks at the kind of each column again for each row. (It also
 * turns a table that an outer join did not find into null; these statements read such tables through `prefixed`, which
 * makes single columns of them.)
 */
function rowReader(fields: readonly Field[]) {
  const columns = fields.map(({ path, field }) => {
    const [table, name = ''] = path.length > 1 ? path : [undefined, path[0]]
    const decoder = decoderOf(field)
    return { table, name, decoder: isPlain(decoder) ? undefined : decoder }
  })
  return (values: ArrayLike<unknown>, from = 0) => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < columns.length; i++) {
      const { table, name, decoder } = columns[i] as (typeof columns)[number]
      const found = textOfJson(values[from + i])
      const value = found === null || !decoder ? found : decoder.mapFromDriverValue(found)
      if (table === undefined) row[name] = value
      else {
        row[table] ??= {}
        ;(row[table] as Record<string, unknown>)[name] = value
      }
    }
    return row
  }
}

/** Values that are taken as the driver found them. */
const isPlain = ({ mapFromDriverValue }: Decoder) =>
  mapFromDriverValue === Column.prototype.mapFromDriverValue || mapFromDriverValue === noopDecoder.mapFromDriverValue

/** What SQLite made as JSON it puts into JSON as it is, where a row of its own would have held its text. */
const textOfJson = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

/** What D1 and libSQL answer for one statement of a batch. */
export type Found = { results: Record<string, unknown>[] } | { rows: ArrayLike<unknown>[] }

export const valuesOfRows = (found: Found): ArrayLike<unknown>[] =>
  'rows' in found ? found.rows : found.results.map((row) => Object.values(row))

/** As drizzle's batches take a statement: what `_prepare` answers is asked for its text, its parameters and its rows. */
function fill(template: Template, given: unknown[]) {
  const { prepared, text, params, read } = template
  const values = params.map((param) => (typeof param === 'number' ? given[param] : param.always))
  return {
    template,
    values,
    _prepare: () => ({
      stmt: prepared.stmt,
      getQuery: () => ({ sql: text, params: values }),
      mapResult: (found: Found) =>
        read ? valuesOfRows(found).map((row) => read(row)) : prepared.mapResult(found, true),
    }),
  }
}

/** What a statement says to the engine. */
export function textOf(statement: Statement): { text: string; values: unknown[] } {
  const { sql: text, params: values } = (statement as unknown as Preparable)._prepare().getQuery()
  return { text, values }
}

/** Collects the values, pieces' too, as the driver takes them. @returns the shape that they give the text */
function flatten(values: Readonly<Record<string, Value>>, into: unknown[]): string {
  let shape = ''
  for (const key in values) {
    const value = values[key]
    if (value === undefined) shape += '-'
    else if (typeof value === 'boolean') shape += value ? 't' : 'f'
    else if (value === null || typeof value !== 'object') {
      shape += '?'
      into.push(value)
    } else if (value instanceof Date) {
      shape += '?'
      into.push(value.getTime())
    } else {
      const found = pieces.get(value)
      shape += found ? `(${found.shape} ${flatten(found.values, into)})` : foreign
    }
  }
  return shape
}

/** The places of the same values, in the same order. */
function holesOf(values: Readonly<Record<string, Value>>, count = { next: 0 }): Record<string, unknown> {
  const holes: Record<string, unknown> = {}
  for (const key in values) {
    const value = values[key]
    if (value === undefined || typeof value === 'boolean') holes[key] = value
    else if (is(value, SQL)) {
      const found = pieces.get(value)
      holes[key] = found ? found.build(holesOf(found.values, count) as never) : value
    } else holes[key] = sql`${sql.placeholder(String(count.next++))}`
  }
  return holes
}
