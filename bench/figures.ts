import type { Figures } from './floors/metered.ts'
import { type Ask, send } from './request.ts'
import type { Runtime } from './runtimes/runtime.ts'

export interface Cost {
  /** Before the answer leaves. */
  atOnce: Figures
  /** And what is written after it has left. */
  later: Figures
}

/** What the store is asked for one request, in a steady state. Outside the timed rounds. */
export async function costOf(runtime: Runtime, app: 'hot' | 'cold', ask: Ask): Promise<Cost | undefined> {
  const target = runtime.metered?.[app]
  if (!target) return undefined
  const settle = async () => JSON.parse((await send(target, { path: '/figures' })).body.toString()) as Figures
  await send(target, ask)
  await settle()
  const answer = await send(target, ask)
  const all = await settle()
  const atOnce = JSON.parse(answer.headers['x-figures'] ?? '{}') as Figures
  const later = {
    roundTrips: all.roundTrips - atOnce.roundTrips,
    statements: all.statements - atOnce.statements,
    rowsRead: all.rowsRead - atOnce.rowsRead,
    rowsWritten: all.rowsWritten - atOnce.rowsWritten,
    texts: [],
  }
  return { atOnce: { ...atOnce, texts: all.texts }, later }
}
