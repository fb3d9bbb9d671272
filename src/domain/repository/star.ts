import { deleteStarOf, insertStar } from '../../store/stars.ts'
import { commit, type Store } from '../../store/store.ts'
import { raiseGeneration } from '../grant/raiseGenerations.ts'

/** An account stars a repository: those who look at it see so at once. */
export async function starRepository(store: Store, accountId: number, repositoryId: number, now: Date): Promise<void> {
  await commit(store, [insertStar(store, accountId, repositoryId, now), raiseGeneration(store, repositoryId)])
}

/** An account takes its star back. */
export async function unstarRepository(store: Store, accountId: number, repositoryId: number): Promise<void> {
  await commit(store, [deleteStarOf(store, accountId, repositoryId), raiseGeneration(store, repositoryId)])
}
