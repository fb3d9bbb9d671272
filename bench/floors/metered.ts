/// <reference types="@cloudflare/workers-types" />
// The registry as it is deployed, built beside this file.
import registry from 'registry'

/** What the store was asked for one request: before its answer left, and afterwards. */
export interface Figures {
  roundTrips: number
  statements: number
  rowsRead: number
  rowsWritten: number
  texts: string[]
}

const none = (): Figures => ({ roundTrips: 0, statements: 0, rowsRead: 0, rowsWritten: 0, texts: [] })
let figures = none()
const texts = new WeakMap<D1PreparedStatement, string>()

/** The registry over a database that counts, with its figures in a header; `/figures` waits for what goes on later. */
export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === '/figures') {
      await Promise.allSettled(later.splice(0))
      return Response.json(figures)
    }
    figures = none()
    const waitUntil = (work: Promise<unknown>) => {
      later.push(work)
      context.waitUntil(work)
    }
    const watched = Object.assign(Object.create(context), { waitUntil })
    const response = await registry.fetch(request, { ...env, DB: metered(env.DB) }, watched)
    const headers = new Headers(response.headers)
    headers.set('x-figures', JSON.stringify({ ...figures, texts: [] }))
    return new Response(response.body, { status: response.status, headers })
  },
} satisfies ExportedHandler<{ DB: D1Database }>

const later: Promise<unknown>[] = []

function count(results: readonly D1Result[]) {
  figures.roundTrips++
  for (const { meta } of results) {
    figures.statements++
    figures.rowsRead += meta.rows_read
    figures.rowsWritten += meta.rows_written
  }
}

function watch(statement: D1PreparedStatement, text: string): D1PreparedStatement {
  texts.set(statement, text)
  const { bind, all, run } = statement
  const counted =
    (ask: () => Promise<D1Result>) =>
    async (...values: []) => {
      figures.texts.push(text)
      const result = await ask.apply(statement, values)
      count([result])
      return result
    }
  return Object.assign(statement, {
    bind: (...values: unknown[]) => watch(bind.apply(statement, values), text),
    all: counted(all),
    run: counted(run),
    // Rows that are arrays come without figures.
    raw: async () => (await counted(all)()).results.map((row) => Object.values(row as object)),
  })
}

function metered(database: D1Database): D1Database {
  return {
    prepare: (text: string) => watch(database.prepare(text), text),
    batch: async (statements: D1PreparedStatement[]) => {
      figures.texts.push(...statements.map((statement) => texts.get(statement) ?? '?'))
      const results = await database.batch(statements)
      count(results)
      return results
    },
  } as unknown as D1Database
}
