import { giveUpAll } from '../domain/upload/giveUp.ts'
import type { Services } from '../services.ts'
import { lease, release } from '../store/jobs.ts'
import {
  deletedNamespaces,
  deletedRepositories,
  deleteRepositoriesOf,
  finishNamespace,
  finishRepository,
  shrinkRepository,
} from '../store/purge.ts'
import { commit } from '../store/store.ts'
import { areIn } from '../store/uploads.ts'

const leaseMilliseconds = 60_000

/**
 * Takes away what was deleted, in bounded steps: repositories with their tags and manifests, then the namespaces that
 * owned them, whose names are free from then on. The bytes are collectGarbage's.
 */
export async function purgeDeleted(
  services: Services,
  bounds = { repositories: 20, namespaces: 20, rows: 500 },
): Promise<void> {
  const { store } = services
  const now = services.now()
  const cursor = await lease(store, 'purge', now, new Date(now.getTime() + leaseMilliseconds))
  if (cursor === undefined) return
  const [namespaces] = await store.batch([deletedNamespaces(store, bounds.namespaces)])
  for (const { id } of namespaces) await store.batch([deleteRepositoriesOf(store, id, now)])
  const [repositories] = await store.batch([deletedRepositories(store, bounds.repositories)])
  for (const { id } of repositories) {
    await giveUpAll(services, areIn(id))
    await commit(store, shrinkRepository(store, id, bounds.rows))
    await commit(store, finishRepository(store, id))
  }
  for (const { id } of namespaces) await commit(store, finishNamespace(store, id))
  await store.batch([release(store, 'purge', '')])
}
