import type { Namespace, Repository } from '../../store/rights.ts'
import type { Actor } from '../actor.ts'

interface Tracked {
  actor: Actor | undefined
  namespace: Namespace
  repository: Repository
  userAgent: string
}

/** What the log says of every push and pull: where, by which program, and as whom. */
export function trackedMetadata({ actor, namespace, repository, userAgent }: Tracked): Record<string, unknown> {
  const where = { repo: repository.name, namespace: namespace.username, 'user-agent': userAgent }
  return { ...where, ...trackedActor(actor) }
}

/** The part of it that says as whom. */
export function trackedActor(actor: Actor | undefined): Record<string, unknown> {
  if (!actor) return {}
  const { account, appToken } = actor
  const robot = account.kind === 'robot' ? { is_robot: true } : {}
  const app = appToken ? { app_specific_token: appToken.uuid, app_specific_token_title: appToken.title } : {}
  return { ...app, username: account.username, ...robot }
}
