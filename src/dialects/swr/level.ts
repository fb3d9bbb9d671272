import type { Authority } from '../../domain/grant/authorize.ts'

/** SWR's levels: 7 manage, 3 edit, 1 read, by the rank of a role (admin, write or creator, read or member). */
export const levels = [0, 1, 3, 7] as const
export type Level = (typeof levels)[number]

/** Who may look at everything reads at least. */
export const shownRank = (rank: number, { readsEverything }: Pick<Authority, 'readsEverything'>) =>
  readsEverything ? Math.max(rank, 1) : rank

export const levelOf = (rank: number): Level => levels[rank] ?? 0
/** The rank that a level stands for; undefined for any other number. */
export const rankOf = (level: number): 1 | 2 | 3 | undefined => ({ 1: 1, 3: 2, 7: 3 })[level] as 1 | 2 | 3 | undefined
