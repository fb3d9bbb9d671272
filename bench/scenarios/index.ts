import { moves } from './moves.ts'
import { reads } from './reads.ts'
import type { Scenario } from './scenario.ts'

export const scenarios: Scenario[] = [...reads, ...moves]
