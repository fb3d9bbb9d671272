import { moves } from './moves.ts'
import { publicReads } from './publicReads.ts'
import { reads } from './reads.ts'
import { referrers } from './referrers.ts'
import { rights } from './rights.ts'
import type { Scenario } from './scenario.ts'

export const scenarios: Scenario[] = [...reads, ...publicReads, ...referrers, ...rights, ...moves]
