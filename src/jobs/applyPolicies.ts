import { applyPolicy } from '../domain/policy/applyPolicy.ts'
import type { Services } from '../services.ts'
import { lease, release } from '../store/jobs.ts'
import { pendingPolicies } from '../store/policies.ts'

const leaseMilliseconds = 60_000

/** Goes on with policies that were too much for the request that made them. */
export async function applyPolicies(
  services: Services,
  bounds = { policies: 10, tags: 1000, steps: 50 },
): Promise<void> {
  const { store } = services
  const now = services.now()
  const cursor = await lease(store, 'policies', now, new Date(now.getTime() + leaseMilliseconds))
  if (cursor === undefined) return
  const [pending] = await store.batch([pendingPolicies(store, bounds.policies)])
  for (const policy of pending) await applyPolicy(services, policy, bounds)
  await store.batch([release(store, 'policies', '')])
}
