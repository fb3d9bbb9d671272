/** What an OAuth token may be used for. A scope caps a role that its holder has; it never adds one. */
export const scopes = {
  'repo:read': {
    title: 'View all visible repositories',
    dangerous: false,
    icon: 'fa-hdd-o',
    description: 'Look at every repository that you can see, and pull from it',
  },
  'repo:write': {
    title: 'Read/Write to any accessible repositories',
    dangerous: false,
    icon: 'fa-hdd-o',
    description: 'Look at, pull from and push to every repository that you can write to',
  },
  'repo:admin': {
    title: 'Administer Repositories',
    dangerous: false,
    icon: 'fa-hdd-o',
    description: 'Do everything with the repositories that you administer',
  },
  'repo:create': {
    title: 'Create Repositories',
    dangerous: false,
    icon: 'fa-plus',
    description: 'Create repositories wherever you can',
  },
  'user:read': {
    title: 'Read User Information',
    dangerous: false,
    icon: 'fa-user',
    description: 'See your user name and your organizations',
  },
  'user:admin': {
    title: 'Administer User',
    dangerous: true,
    icon: 'fa-gear',
    description: 'Change your account, its robots and its tokens',
  },
  'org:admin': {
    title: 'Administer Organization',
    dangerous: true,
    icon: 'fa-gear',
    description: 'Manage the teams, robots and settings of the organizations that you administer',
  },
  'super:user': {
    title: 'Super User Access',
    dangerous: true,
    icon: 'fa-street-view',
    description: 'Act as a superuser of this registry',
  },
} as const

export type Scope = keyof typeof scopes

/** `all`: a sign-in or a password, which no scope caps. */
export type Scopes = ReadonlySet<Scope> | 'all'

const isScope = (text: string): text is Scope => Object.hasOwn(scopes, text)

/** Scopes out of text with single spaces or commas between them; one unknown or empty element spoils the whole text. */
export function parseScopes(text: string): ReadonlySet<Scope> | undefined {
  const elements = text.split(/[ ,]/)
  return elements.every(isScope) ? new Set(elements) : undefined
}

const implied: Partial<Record<Scope, Scope[]>> = {
  'repo:admin': ['repo:write', 'repo:read'],
  'repo:write': ['repo:read'],
}

/** Whether everything in `asked` is in `held` or follows from it. */
export function coversScopes(held: ReadonlySet<Scope>, asked: ReadonlySet<Scope>): boolean {
  const all = new Set([...held].flatMap((scope) => [scope, ...(implied[scope] ?? [])]))
  return asked.size > 0 && [...asked].every((scope) => all.has(scope))
}

export const repositoryRoles = ['none', 'read', 'write', 'admin'] as const
export const teamRoles = ['none', 'member', 'creator', 'admin'] as const
export type RepositoryRole = Exclude<(typeof repositoryRoles)[number], 'none'>
export type TeamRole = Exclude<(typeof teamRoles)[number], 'none'>

export const repositoryRank = (role: RepositoryRole) => repositoryRoles.indexOf(role)
export const teamRank = (role: TeamRole) => teamRoles.indexOf(role)
export const repositoryRoleOf = (rank: number) => repositoryRoles[rank] as RepositoryRole
export const teamRoleOf = (rank: number) => teamRoles[rank] as TeamRole

const cap = (held: Scopes, caps: Partial<Record<Scope, number>>) =>
  held === 'all' ? 3 : Math.max(0, ...[...held].map((scope) => caps[scope] ?? 0))

/** The highest repository rank (0..3) that the scopes let through. */
export const repositoryCap = (held: Scopes) => cap(held, { 'repo:read': 1, 'repo:write': 2, 'repo:admin': 3 })
/** The highest rank (0..3) on a team or organization. */
export const teamCap = (held: Scopes) => cap(held, { 'repo:create': 2, 'org:admin': 3 })
/** What of the caller's own account: 0 nothing, 1 read, 3 admin. */
export const userCap = (held: Scopes) => cap(held, { 'user:read': 1, 'user:admin': 3 })
