import type { Services } from '../../services.ts'
import { jobNamed, lease, release } from '../../store/jobs.ts'
import { sizeOfBlobs } from '../../store/registrySize.ts'

const job = 'registry size'
/** Longer than the sum can take: who counts and is killed leaves the work to the next. */
const leaseMilliseconds = 60_000

export interface RegistrySize {
  sizeBytes: number
  countedAt: Date | null
  isRunning: boolean
}

/** How much the registry holds, as it was counted last. */
export async function registrySize({ store, now }: Services): Promise<RegistrySize> {
  const [[row]] = await store.batch([jobNamed(store, job)])
  const [sizeBytes, countedAt] = (row?.cursor ?? '').split(' ').map(Number)
  return {
    sizeBytes: sizeBytes || 0,
    countedAt: countedAt ? new Date(countedAt) : null,
    isRunning: row !== undefined && row.leasedUntil > now(),
  }
}

/** Has what the registry holds counted after the answer has left. @returns whether nobody was at it yet */
export async function countRegistry(services: Services): Promise<boolean> {
  const { store, now, waitUntil } = services
  const cursor = await lease(store, job, now(), new Date(now().getTime() + leaseMilliseconds))
  if (cursor === undefined) return false
  waitUntil(count(services))
  return true
}

async function count({ store, now }: Services): Promise<void> {
  const [[row]] = await store.batch([sizeOfBlobs(store)])
  await store.batch([release(store, job, `${row?.sizeBytes ?? 0} ${now().getTime()}`)])
}
