import { type Answer, json, type Send } from './transport.ts'

const first = { username: 'admin', password: 'golden-admin-password-1', email: 'admin@example.com' }

interface Actor {
  token?: string
  cookie?: string
  csrf?: string
  /** The account that a token with a label belongs to. */
  user?: string
}

/** Who speaks in a scenario: nobody, tokens, and browsers, all obtained over HTTP. */
export class Actors {
  readonly known = new Map<string, Actor>([
    ['anon', {}],
    ['bad', { token: 'x'.repeat(40) }],
  ])
  readonly passwords = new Map([['admin', first.password]])
  private readonly apps = new Map<string, { web: Actor; organization: string; client: string }>()

  private readonly send: Send
  private readonly base: string
  private readonly prefix: string

  constructor(send: Send, base: string, prefix: string) {
    this.send = send
    this.base = base
    this.prefix = prefix
  }

  username(name: string): string {
    return name === 'admin' || name === 'auditor' ? name : this.prefix + name
  }

  /** The first user of an empty registry. */
  async initialize() {
    const answer = await this.call({}, 'POST', '/api/v1/user/initialize', { ...first, access_token: true })
    const token = json(answer)?.access_token
    if (typeof token !== 'string') throw new Error(`no first user: ${complaint(answer)}`)
    this.known.set('admin', { token })
    this.known.set('guest', await this.guest())
  }

  /** Headers that make a request this actor's. A browser's CSRF token goes along with every write. */
  headers(name: string, method: string): Record<string, string> {
    const actor = this.known.get(name)
    if (!actor) throw new Error(`unknown actor ${name}`)
    return headersOf(actor, method)
  }

  /** Takes over cookies and the next CSRF token. */
  learn(name: string, answer: Answer) {
    const actor = this.known.get(name)
    if (actor?.cookie !== undefined) absorb(actor, answer)
  }

  async createUser(name: string, scope: string) {
    const username = this.username(name)
    const admin = this.known.get('admin') ?? {}
    const body = { username, email: `${username}@example.com` }
    const answer = await this.call(admin, 'POST', '/api/v1/superuser/users/', body)
    const password = json(answer)?.password
    if (typeof password !== 'string') throw new Error(`cannot create ${username}: ${complaint(answer)}`)
    this.passwords.set(name, password)
    await this.token(name, name, scope)
  }

  async session(name: string): Promise<Actor> {
    const actor = await this.guest()
    const body = { username: this.username(name), password: this.passwords.get(name) }
    const answer = await this.call(actor, 'POST', '/api/v1/signin', body)
    absorb(actor, answer)
    if (!json(answer)?.success) throw new Error(`cannot sign in ${name}: ${complaint(answer)}`)
    return actor
  }

  /** Implicit grant on an application of the user's own organization `<user>-apps`. */
  async token(name: string, actorName: string, scope: string) {
    const { web, client } = this.apps.get(name) ?? (await this.application(name))
    const form = new URLSearchParams({
      response_type: 'token',
      client_id: client,
      redirect_uri: `${this.base}/oauth/localapp`,
      scope,
      _csrf_token: web.csrf ?? '',
    })
    const answer = await this.send({
      method: 'POST',
      path: '/oauth/authorizeapp',
      headers: { ...headersOf(web, 'POST'), 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    absorb(web, answer)
    const token = /access_token=([^&]+)/.exec(answer.headers.location ?? '')?.[1]
    if (!token) throw new Error(`no token for ${actorName}: ${complaint(answer)}`)
    this.known.set(actorName, { token, user: name })
  }

  private async application(name: string) {
    const web = await this.session(name)
    const organization = `${this.username(name)}-apps`
    const email = `${organization}@example.com`
    await this.call(web, 'POST', '/api/v1/organization/', { name: organization, email })
    const path = `/api/v1/organization/${organization}/applications`
    const answer = await this.call(web, 'POST', path, { name: 'tokens' })
    const client = json(answer)?.client_id
    if (typeof client !== 'string') throw new Error(`no application for ${name}: ${complaint(answer)}`)
    const app = { web, organization, client }
    this.apps.set(name, app)
    return app
  }

  private async guest(): Promise<Actor> {
    const actor: Actor = { cookie: '' }
    const answer = await this.send({ method: 'GET', path: '/csrf_token', headers: headersOf(actor, 'GET') })
    absorb(actor, answer)
    actor.csrf = String(json(answer)?.csrf_token)
    return actor
  }

  private call(actor: Actor, method: string, path: string, body: unknown): Promise<Answer> {
    const headers = { ...headersOf(actor, method), 'content-type': 'application/json' }
    return this.send({ method, path, headers, body: JSON.stringify(body) })
  }
}

const complaint = ({ status, text }: Answer) => `${status} ${text.slice(0, 200)}`

function headersOf(actor: Actor, method: string): Record<string, string> {
  if (actor.token) return { authorization: `Bearer ${actor.token}` }
  if (actor.cookie === undefined) return {}
  const writes = !['GET', 'HEAD'].includes(method)
  return { cookie: actor.cookie, ...(actor.csrf && writes ? { 'x-csrf-token': actor.csrf } : {}) }
}

function absorb(actor: Actor, answer: Answer) {
  const pairs = [...(actor.cookie ?? '').split('; '), ...answer.cookies.map((line) => line.split(';')[0] ?? '')]
  const jar = new Map(pairs.filter(Boolean).map((pair) => pair.split(/=(.*)/) as [string, string]))
  actor.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const next = answer.headers['x-next-csrf-token']
  if (next) actor.csrf = next
}
