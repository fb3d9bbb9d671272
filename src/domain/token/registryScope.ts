import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { RepositoryPath } from '../../store/rights.ts'
import { isRepositoryName, splitRepositoryPath } from '../reference.ts'
import type { RegistryAction } from './registryToken.ts'

/** What a client asks a registry token for. */
export interface RegistryScope {
  /** As asked for, with a host in front where there is one. */
  name: string
  path: RepositoryPath
  actions: ReadonlySet<RegistryAction>
}

/** A repository's name as a client of `/v2` gives it. @throws `name_invalid` */
export function parseRepositoryName(text: string, settings: Settings): RepositoryPath {
  const path =
    splitRepositoryPath(text) ??
    (settings.FEATURE_LIBRARY_SUPPORT && !text.includes('/')
      ? { namespace: settings.LIBRARY_NAMESPACE, name: text }
      : undefined)
  const isName =
    path && isNamespace(path.namespace) && isRepositoryName(path.name, settings.FEATURE_EXTENDED_REPOSITORY_NAMES)
  if (!isName) throw new RegistryError('name_invalid', `Invalid repository name: ${text}`)
  return path
}

const isNamespace = (text: string) => /^[a-z0-9][.a-z0-9_-]{0,254}$/.test(text)

/** `repository:[host/]name:action[,action]`; a first part with a dot or a port that is this host is the host. */
export function parseRegistryScope(text: string, host: string, settings: Settings): RegistryScope {
  const match = /^repository:(\S+):((?:push|pull|delete|\*)(?:,(?:push|pull|delete|\*))*)$/.exec(text)
  if (!match?.[1] || !match[2]) {
    throw new RegistryError('invalid', `Unable to decode repository and actions: ${text}`)
  }
  const [, name, actions] = match
  const bare = name.startsWith(`${host}/`) ? name.slice(host.length + 1) : name
  return {
    name,
    path: parseRepositoryName(bare, settings),
    // Who may push may delete; oras asks for `delete`, which Quay does not know.
    actions: new Set(actions.replace('delete', 'push').split(',') as RegistryAction[]),
  }
}
