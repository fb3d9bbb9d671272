import type { World } from './world.ts'
import { password } from './world.ts'

/** What a browser does between requests: it keeps cookies, and the console's script keeps the CSRF token. */
export class Browser {
  csrf: string | undefined
  readonly #cookies = new Map<string, string>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const own: Record<string, string> = { cookie: this.cookie }
    if (this.csrf !== undefined && method !== 'GET') own['x-csrf-token'] = this.csrf
    const response = await this.#world.client({ ...own, ...headers }).request(method, path, body)
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0/i.test(line)) this.#cookies.delete(pair.slice(0, at))
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    this.csrf = response.headers.get('x-next-csrf-token') ?? this.csrf
    return response
  }

  /** Sends a form, as a page would. */
  submit(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const form = new URLSearchParams({ ...(this.csrf !== undefined && { _csrf_token: this.csrf }), ...fields })
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'x-csrf-token': '' }
    return this.request('POST', path, form.toString(), { ...type, ...headers })
  }

  async open(): Promise<this> {
    const { csrf_token } = (await (await this.request('GET', '/csrf_token')).json()) as { csrf_token: string }
    this.csrf = csrf_token
    return this
  }

  async signIn(username: string, typed: string = password): Promise<Response> {
    if (this.csrf === undefined) await this.open()
    return this.request('POST', '/api/v1/signin', { username, password: typed })
  }
}
