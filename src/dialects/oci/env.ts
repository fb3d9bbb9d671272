import type { Actor } from '../../domain/actor.ts'
import type { Authority } from '../../domain/grant/authorize.ts'
import type { Pulled } from '../../domain/manifest/notePull.ts'
import type { RegistryGrant } from '../../domain/token/registryToken.ts'
import type { Services } from '../../services.ts'
import type { Namespace, Repository } from '../../store/rights.ts'

/** What every endpoint of the dialect has: the Services as bindings, and who asks. */
export interface OciEnv {
  Bindings: Services
  Variables: {
    actor: Actor | undefined
    ip: string | undefined
    userAgent: string
    /** What the registry token allows, of a request that came with one. */
    grants: RegistryGrant[] | undefined
    /** When that token runs out. */
    grantsUntil: Date | undefined
  }
}

/** An endpoint behind `onRepository`: the repository that it names, already checked. */
export interface RepositoryEnv<Along = readonly []> extends OciEnv {
  Variables: OciEnv['Variables'] & {
    namespace: Namespace
    repository: Repository
    authority: Authority
    /** The rows of what the endpoint asked to have read along with the rights. */
    along: Along
    /** Set by an endpoint whose answer may be kept at the edge. */
    isLookup?: boolean
    /** Set where that answer can't change: what names it for ever. */
    content?: string
    /** Set by an endpoint whose answer to a GET is a pull. */
    pulled?: Pulled
  }
}
