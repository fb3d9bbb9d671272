import type { Actor } from '../../domain/actor.ts'
import type { Authority } from '../../domain/grant/authorize.ts'
import type { Services } from '../../services.ts'
import type { Namespace, Repository } from '../../store/rights.ts'

/** What every SWR endpoint has: the Services as bindings, and who asks. */
export interface SwrEnv {
  Bindings: Services
  Variables: { actor: Actor; ip: string | undefined }
}

/** An endpoint behind `onRepository`. Its parameters and body are checked first; then it asks for what it was granted. */
export interface RepositoryEnv<Along = readonly []> extends SwrEnv {
  Variables: SwrEnv['Variables'] & {
    /** The checked repository. @throws what the caller may know: 404, then 403 */
    granted(): {
      namespace: Namespace
      repository: Repository
      authority: Authority
      /** The rows of what the endpoint asked to have read along with the rights. */
      along: Along
    }
  }
}
