import type { Services } from '../services.ts'
import { expiredTags, takeExpired } from '../store/expiry.ts'
import { lease, release } from '../store/jobs.ts'

const leaseMilliseconds = 60_000

/**
 * Takes away tags whose planned end has passed. Every reader knows them for dead already; this only makes room. Each
 * step is one batch that asks again, so that it may be killed, or run twice, at any point.
 */
export async function expireTags(services: Services, bounds = { tags: 500, steps: 20 }): Promise<number> {
  const { store } = services
  const now = services.now()
  const cursor = await lease(store, 'expire', now, new Date(now.getTime() + leaseMilliseconds))
  if (cursor === undefined) return 0
  let taken = 0
  for (let step = 0; step < bounds.steps; step++) {
    const [found] = await store.batch([expiredTags(store, now, bounds.tags)])
    if (found.length > 0) {
      await store.batch(
        takeExpired(
          store,
          found.map(({ id }) => id),
          now,
        ),
      )
    }
    taken += found.length
    if (found.length < bounds.tags) break
  }
  await store.batch([release(store, 'expire', '')])
  return taken
}
