import { giveUpAll } from '../domain/upload/giveUp.ts'
import type { Services } from '../services.ts'
import {
  dropBlobs,
  dropManifests,
  dropRevisions,
  forgetGarbage,
  garbageKeys,
  orphanedBlobs,
  repositoriesAfter,
  unlinkBlobs,
  unreachableManifests,
} from '../store/garbage.ts'
import { lease, release } from '../store/jobs.ts'
import { commit, type Statement } from '../store/store.ts'
import { areAbandoned } from '../store/uploads.ts'

/** How much one run looks at: a run stays short, and the next goes on where it stopped. */
export interface GarbageBounds {
  repositories: number
  rows: number
  blobs: number
}

const usual: GarbageBounds = { repositories: 50, rows: 500, blobs: 500 }
const leaseMilliseconds = 60_000
/** Uploads in small chunks leave many small objects behind. */
const deletionsMax = 10

/**
 * Collects what nothing needs any more, while pushes go on: meanings of tags that have left the time machine, manifests
 * that nothing leads to, blobs that no repository holds, uploads that were given up. What was pushed less than
 * GARBAGE_GRACE_SECONDS ago stays, and every deletion asks again, in its own batch, whether it still may.
 * Safe to kill between any two statements; resolves to whether this process had the lease.
 */
export async function collectGarbage(services: Services, bounds: GarbageBounds = usual): Promise<boolean> {
  const { store } = services
  const now = services.now()
  const cursor = await lease(store, 'garbage', now, new Date(now.getTime() + leaseMilliseconds))
  if (cursor === undefined) return false
  const [repositoryCursor = 0, blobCursor = 0] = cursor.split(' ').map(Number)
  const nextRepository = await collectRepositories(services, repositoryCursor, bounds)
  const nextBlob = await collectBlobs(services, blobCursor, bounds)
  await collectUploads(services, bounds)
  await deleteBytes(services, bounds)
  await store.batch([release(store, 'garbage', `${nextRepository} ${nextBlob}`)])
  return true
}

const graceEnd = ({ settings, now }: Services) => new Date(now().getTime() - settings.GARBAGE_GRACE_SECONDS * 1000)

/** @returns the id of the last repository that was looked at, or 0 after the last of all */
async function collectRepositories(services: Services, cursor: number, { repositories, rows }: GarbageBounds) {
  const { store, settings, now } = services
  const grace = graceEnd(services)
  const [found] = await store.batch([repositoriesAfter(store, cursor, repositories)])
  for (const { id, keepsSeconds } of found) {
    const horizon = new Date(now().getTime() - keepsSeconds * 1000)
    const [, doomed] = await store.batch([
      dropRevisions(store, id, horizon, settings.FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE, rows),
      unreachableManifests(store, id, grace, rows),
    ])
    const ids = doomed.map((row) => row.id)
    const drop: Statement[] = ids.length > 0 ? dropManifests(store, id, ids, grace) : []
    await commit(store, [...drop, unlinkBlobs(store, id, grace)])
  }
  return found.length < repositories ? 0 : (found.at(-1)?.id ?? 0)
}

async function collectBlobs(services: Services, cursor: number, { blobs }: GarbageBounds) {
  const { store } = services
  const [found] = await store.batch([orphanedBlobs(store, cursor, graceEnd(services), blobs)])
  const ids = found.filter(({ isOrphan }) => isOrphan).map(({ id }) => id)
  if (ids.length > 0) await commit(store, dropBlobs(store, ids))
  return found.length < blobs ? 0 : (found.at(-1)?.id ?? 0)
}

const collectUploads = (services: Services, { rows }: GarbageBounds) =>
  giveUpAll(services, areAbandoned(graceEnd(services), rows))

async function deleteBytes({ store, blobs }: Services, { rows }: GarbageBounds) {
  for (let step = 0; step < deletionsMax; step++) {
    const [found] = await store.batch([garbageKeys(store, rows)])
    if (found.length === 0) return
    await blobs.delete(found.map(({ storageKey }) => storageKey))
    const ids = found.map(({ id }) => id)
    await store.batch([forgetGarbage(store, ids)])
    if (found.length < rows) return
  }
}
