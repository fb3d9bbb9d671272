import type { Actor } from '../../domain/actor.ts'
import type { Authority } from '../../domain/grant/authorize.ts'
import type { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import type { Namespace, Repository } from '../../store/rights.ts'

/** What every Quay endpoint has: the Services as bindings, and who asks. */
export interface QuayEnv {
  Bindings: Services
  Variables: {
    actor: Actor | undefined
    ip: string | undefined
    session: BrowserSession | undefined
    /** What a scope did not find; thrown once the request has been checked, before its handler runs. */
    missing?: RegistryError
  }
}

/** A browser's session, as its cookie carries it. */
export interface BrowserSession {
  /** Of the account that signed in; undefined before that. */
  accountUuid?: string
  signedInAt?: number
  csrfToken: string
}

/** An endpoint behind `onRepository`: the repository that it names, already checked. */
export interface RepositoryEnv<Along = readonly []> extends QuayEnv {
  Variables: QuayEnv['Variables'] & {
    namespace: Namespace
    /** The checked repository; only under `mayBeMissing` can it be undefined. */
    repository: Repository
    authority: Authority
    /** The rows of what the endpoint asked to have read along with the rights. */
    along: Along
  }
}

/** An endpoint whose body is checked before the caller's rights are: it asks for what it was granted. */
export interface NamespaceEnv<Along = readonly []> extends QuayEnv {
  Variables: QuayEnv['Variables'] & {
    /** The checked namespace. @throws `unauthenticated` or `denied`, or `not_found` where there is none. */
    granted(): { namespace: Namespace; authority: Authority; actor: Actor }
    along: Along
  }
}

/** An endpoint that shows an organization to everybody, to each as much as they may see. */
export interface OrganizationEnv<Along = readonly []> extends QuayEnv {
  Variables: QuayEnv['Variables'] & { namespace: Namespace; authority: Authority; along: Along }
}

/** An endpoint that acts on the caller's account, or on nobody's. */
export interface AccountEnv<Along = readonly []> extends QuayEnv {
  Variables: QuayEnv['Variables'] & { along: Along }
}

/** An endpoint of the superusers: it asks for the superuser once its body has been checked. */
export interface SuperuserEnv<Along = readonly []> extends QuayEnv {
  Variables: QuayEnv['Variables'] & {
    /** The superuser who asks. @throws `unauthenticated` or `denied` */
    granted(): Actor
    along: Along
  }
}
