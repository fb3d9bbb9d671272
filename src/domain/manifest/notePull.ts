import type { Settings } from '../../settings.ts'
import { addPullEvents, countManifestPulls, countRepositoryPulls, countTagPulls } from '../../store/pulls.ts'
import type { Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { throughToken } from '../event/recordEvent.ts'
import { trackedActor } from '../event/trackedMetadata.ts'

/** What was pulled: kept at the edge with the manifest, so that a pull can be noted without asking for it again. */
export interface Pulled {
  namespace: { id: number; username: string }
  repository: { id: number; name: string }
  manifest: { id: number; digest: string; mediaType: string }
  tag: string | undefined
}

/** Who pulled it, as the log is to say it. */
export interface Puller {
  performerId: number | null
  metadata: Record<string, unknown>
}

export const pullerOf = (actor: Actor | undefined): Puller => ({
  performerId: actor?.account.id ?? null,
  metadata: { ...trackedActor(actor), ...throughToken(actor) },
})

export interface Pull {
  pulled: Pulled
  puller: Puller
  userAgent: string
  ip: string | undefined
  at: Date
}

/** One statement takes a list of this length; D1's are bounded at 2 MB of text. */
const pullsMax = 200
/** How long after the start of one write the next one may start: a lone pull is written at once. */
const restMilliseconds = 100
/** How long a pull waits for another request's write. Its request may have been cut off, and would never tell. */
const patienceMilliseconds = 5000

/**
 * Counts pulls and logs them, once their answers have left. Pulls that come while others are being written wait for
 * each other, and are written in one batch then: a pull storm costs the database little more than a single pull.
 */
export function pullQueue() {
  let waiting: Pull[] = []
  let writing: Promise<unknown> | undefined
  let restsUntil = 0

  return {
    /** Resolves once the pull is in the store. */
    async note(store: Store, pull: Pull, settings: Settings): Promise<void> {
      waiting.push(pull)
      while (waiting.includes(pull)) {
        if (writing) {
          const isOver = await settledWithin(writing, patienceMilliseconds)
          if (!isOver) writing = undefined
          continue
        }
        const rest = restsUntil - Date.now()
        if (rest > 0) {
          await delay(rest)
          continue
        }
        restsUntil = Date.now() + restMilliseconds
        const pulls = waiting.slice(0, pullsMax)
        waiting = waiting.slice(pullsMax)
        const write = store.batch(statementsFor(store, pulls, settings))
        writing = write
        await write.finally(() => {
          if (writing === write) writing = undefined
        })
      }
    },
  }
}

export type PullQueue = ReturnType<typeof pullQueue>

const delay = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const done = work.then(
    () => true as const,
    () => true as const,
  )
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}

function statementsFor(store: Store, pulls: readonly Pull[], settings: Settings) {
  const list = JSON.stringify(pulls.map(rowOf))
  return [
    countRepositoryPulls(store, list),
    countManifestPulls(store, list),
    ...(settings.FEATURE_IMAGE_PULL_STATS ? [countTagPulls(store, list)] : []),
    addPullEvents(store, list),
  ]
}

const rowOf = ({ pulled: { namespace, repository, manifest, tag }, puller, userAgent, ip, at }: Pull) => ({
  namespaceId: namespace.id,
  repositoryId: repository.id,
  manifestId: manifest.id,
  digest: manifest.digest,
  tag,
  performerId: puller.performerId,
  ip,
  at: at.getTime(),
  metadata: JSON.stringify({
    repo: repository.name,
    namespace: namespace.username,
    'user-agent': userAgent,
    ...puller.metadata,
    ...(tag === undefined ? { manifest_digest: manifest.digest } : { tag }),
    mediaType: manifest.mediaType,
  }),
})
