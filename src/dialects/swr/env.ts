import type { Actor } from '../../domain/actor.ts'
import type { Authority } from '../../domain/grant/authorize.ts'
import type { Services } from '../../services.ts'
import type { Namespace, Repository } from '../../store/rights.ts'

/** What every SWR endpoint has: the Services as bindings, and who asks. */
export interface SwrEnv {
  Bindings: Services
  Variables: { actor: Actor; ip: string | undefined }
}

/** An endpoint's parameters and body are checked first; then it asks for what it was granted. */
interface Granting<Granted> extends SwrEnv {
  Variables: SwrEnv['Variables'] & {
    /** What was checked, and the rows that were read along. @throws what the caller may know: 404, then 403 */
    granted(): Granted
  }
}

export type AccountEnv<Along = readonly []> = Granting<{ actor: Actor; along: Along }>

export type NamespaceEnv<Along = readonly []> = Granting<{
  actor: Actor
  namespace: Namespace
  authority: Authority
  along: Along
}>

export type RepositoryEnv<Along = readonly []> = Granting<{
  actor: Actor
  namespace: Namespace
  repository: Repository
  authority: Authority
  along: Along
}>
