import { upload } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import type { DigestAlgorithm } from '../blob/digest.ts'
import { resumableHash } from '../blob/digest.ts'
import { newSession } from './receiveBytes.ts'

/** Begins an upload of a blob, which only this account can go on with. Resolves to its id. */
export async function startUpload(
  store: Store,
  {
    repositoryId,
    accountId,
    now,
    algorithm = 'sha256',
  }: { repositoryId: number; accountId: number; now: Date; algorithm?: DigestAlgorithm },
): Promise<string> {
  const id = crypto.randomUUID()
  const hashState = resumableHash(algorithm).save?.() ?? null
  await commit(store, [
    store
      .insert(upload)
      .values({ id, repositoryId, accountId, ...newSession(), hashState, startedAt: now, updatedAt: now }),
  ])
  return id
}
