import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { share } from '../../store/schema.ts'
import { commit, guard, type Statement, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { raiseGeneration } from './raiseGenerations.ts'

export interface ShareTarget extends Origin {
  actor: Actor
  namespace: Namespace
  repository: Repository
  /** The account that is shared with, by its name. */
  accessDomain: string
}

export interface ShareTerms {
  deadline: string
  endsAt: Date | undefined
  /** Undefined stays as it is. */
  description: string | undefined
}

const row = ({ repository, accessDomain }: ShareTarget) =>
  and(eq(share.repositoryId, repository.id), eq(share.accessDomain, accessDomain))

/** Lets another account read a private repository. @throws `invalid` for a deadline in the past, `conflict` if it may */
export async function shareRepository(store: Store, target: ShareTarget, terms: ShareTerms): Promise<void> {
  const { repository, accessDomain, actor, now } = target
  requireFuture(terms, now)
  const { deadline, endsAt = null, description = '' } = terms
  const dates = { createdAt: now, updatedAt: now }
  const values = {
    repositoryId: repository.id,
    accessDomain,
    deadline,
    endsAt,
    description,
    creatorId: actor.account.id,
  }
  await change(store, target, 'share_repo', { deadline }, [store.insert(share).values({ ...values, ...dates })])
}

/** Gives a share another deadline. */
export async function renewShare(store: Store, target: ShareTarget, terms: ShareTerms): Promise<void> {
  requireFuture(terms, target.now)
  const { deadline, endsAt = null, description } = terms
  const set = { deadline, endsAt, updatedAt: target.now, ...(description !== undefined && { description }) }
  await change(store, target, 'change_repo_share', { deadline }, [store.update(share).set(set).where(row(target))])
}

export async function endShare(store: Store, target: ShareTarget): Promise<void> {
  await change(store, target, 'unshare_repo', {}, [
    guard(store, sql`exists (select 1 from ${share} where ${row(target)})`),
    store.delete(share).where(row(target)),
  ])
}

function requireFuture({ endsAt }: ShareTerms, now: Date) {
  if (endsAt && endsAt <= now) throw new RegistryError('invalid', 'deadline: it has passed already')
}

async function change(
  store: Store,
  { namespace, repository, accessDomain, ...origin }: ShareTarget,
  kind: string,
  told: Record<string, unknown>,
  statements: readonly Statement[],
) {
  const metadata = { repo: repository.name, namespace: namespace.username, access_domain: accessDomain, ...told }
  await commit(store, [
    ...statements,
    raiseGeneration(store, repository.id),
    recordEvent(store, origin, { kind, namespaceId: namespace.id, repositoryId: repository.id, metadata }),
  ])
}
