/** Names and references, each parsed once where a request comes in. */

const extendedName = /^(?=.{1,255}$)[a-z0-9][.a-z0-9_-]*(?:\/[a-z0-9][.a-z0-9_-]*)*$/
const flatName = /^(?=.{1,255}$)[a-z0-9][.a-z0-9_-]*$/

/** Whether a repository may be called this. `extended` allows slashes (FEATURE_EXTENDED_REPOSITORY_NAMES). */
export const isRepositoryName = (name: string, extended: boolean) => (extended ? extendedName : flatName).test(name)

const tagName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
export const isTagName = (name: string) => tagName.test(name)
export const tagNameProblem =
  'Invalid tag: must match [A-Za-z0-9_.-], not start with "." or "-", and have between 1 and 128 characters'

const digest = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/
/** A digest of an algorithm that this registry can check. */
export const isDigest = (text: string) => digest.test(text)

/** `namespace/name` in two; undefined where there is no slash. */
export function splitRepositoryPath(path: string): { namespace: string; name: string } | undefined {
  const slash = path.indexOf('/')
  if (slash <= 0 || slash === path.length - 1) return undefined
  return { namespace: path.slice(0, slash), name: path.slice(slash + 1) }
}

/** The expression that names of users, organizations, teams and robots must match; Quay's error texts quote it. */
export const namespaceExpression = '^([a-z0-9]+(?:[._-][a-z0-9]+)*)$'
const namespaceName = new RegExp(namespaceExpression)

/** Why a name of a user, organization or robot (or, with `what`, a team) is refused; undefined if it is fine. */
export function namespaceNameProblem(name: string, what = 'Namespace'): string | undefined {
  if (!namespaceName.test(name)) return `Namespace must match expression ${namespaceExpression}`
  if (name.length < 2 || name.length > 255) return `${what} must be between 2 and 255 characters in length`
  return undefined
}
