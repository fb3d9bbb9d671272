import type { MoveSetup } from './moveTag.ts'
import type { Shape } from './shapes.ts'

/** What a floor answers with; bodies come from the registry itself, so that both send the same bytes. */
export interface Setup {
  status: number
  headers: Record<string, string>
  body: string
  query?: { text: string; values: unknown[]; shape: Shape; along?: unknown }
  move?: MoveSetup
}
