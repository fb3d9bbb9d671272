/** Scopes of the token that `users()` gives each account. */
export const ALL = 'repo:admin repo:create org:admin user:admin user:read'

export interface Image {
  layers?: string[]
  labels?: Record<string, string>
  annotations?: Record<string, string>
  media?: 'docker' | 'oci'
  /** Names of captured digests: an index of these. */
  index?: string[]
}

interface Options {
  /** Variables to take out of the answer, by their path in its body. */
  save?: Record<string, string>
  headers?: Record<string, string>
  form?: Record<string, unknown>
  raw?: string
  note?: string
  /** Compare the status only. */
  status?: boolean
  /** Compare only these members of the body. */
  pick?: string[]
  /** Lists whose order means nothing. */
  sort?: string | string[]
  unstable?: string | boolean
  /** Compare the CORS headers too. */
  cors?: boolean
  /** Of a push: `user:password` instead of the actor's. */
  basic?: string
}

export interface RequestStep extends Options {
  action?: undefined
  as: string
  method: string
  path: string
  body?: unknown
}

export interface PushStep extends Options {
  action: 'push'
  as: string
  target: string
  image: Image
}

export type Step =
  | RequestStep
  | PushStep
  | { action: 'create_user'; name: string; scope: string }
  | { action: 'token'; name: string; actor: string; scope: string }
  | { action: 'session'; name: string }
  | { action: 'wait'; ms: number }
  | { action: 'time'; name: string; seconds: number }

export interface Scenario {
  id: string
  title: string
  prefix: string
  fresh?: boolean
  profile?: string
  steps: Step[]
}

/**
 * An ordered list of steps. `{name}` is a name with the scenario's prefix, `{{x}}` a captured variable.
 * `fresh`: on a registry where nothing has happened but its first user; `profile: 'full'`: under SUPERUSERS_FULL_ACCESS.
 */
export function scenario(
  id: string,
  title: string,
  build: (s: Builder) => void,
  options: { fresh?: boolean; profile?: string } = {},
): Scenario {
  const s = new Builder()
  build(s)
  return { id, title, prefix: prefixOf(id), ...options, steps: s.steps }
}

/** `tags-2` → `tags2`: short, lower case, a legal user name on its own and in front of another. */
const prefixOf = (id: string) => id.replace(/[^a-z0-9]/g, '').replace(/^(.{0,6}).*?(\d*)$/, '$1$2')

export class Builder {
  readonly steps: Step[] = []

  /** Accounts made by the superuser, signed in, each with a token of all ordinary scopes. */
  users(...names: string[]) {
    for (const name of names) this.steps.push({ action: 'create_user', name, scope: ALL })
  }

  /** A further actor: the same account limited to `scope`. */
  token(name: string, actor: string, scope: string) {
    this.steps.push({ action: 'token', name, actor, scope })
  }

  /** A further actor `<name>@web`: the account in a browser. */
  session(name: string) {
    this.steps.push({ action: 'session', name })
  }

  wait(ms: number) {
    this.steps.push({ action: 'wait', ms })
  }

  /** The variable `name` is the epoch second `seconds` from now. */
  time(name: string, seconds: number) {
    this.steps.push({ action: 'time', name, seconds })
  }

  /** One request per actor. */
  do(actors: string | string[], request: string, body?: unknown, options: Options = {}) {
    const [method = '', path = ''] = request.split(/ (.*)/)
    for (const as of [actors].flat())
      this.steps.push({ as, method, path, ...(body === undefined ? {} : { body }), ...options })
  }

  get(actors: string | string[], path: string, options?: Options) {
    this.do(actors, `GET ${path}`, undefined, options)
  }

  /** Pushes `ns/repo:tag`. Its content follows from the arguments, so that digests are the same on every server. */
  push(as: string, target: string, image: Image = {}, options: Options = {}) {
    this.steps.push({ action: 'push', as, target, image, ...options })
  }
}
