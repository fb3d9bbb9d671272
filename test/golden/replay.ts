import { origin, type World } from '../support/world.ts'
import { Actors } from './actors.ts'
import type { Recorded } from './compare.ts'
import { Normalizer } from './normalize.ts'
import { pusher } from './push.ts'
import type { PushStep, RequestStep, Scenario, Step } from './scenario.ts'
import { json, sendTo } from './transport.ts'

/** Plays a scenario on an empty world. Resolves to its transcript, and to why it stopped if it did not reach its end. */
export async function replay(world: World, scenario: Scenario): Promise<{ steps: Recorded[]; broken?: string }> {
  const send = sendTo(world)
  const actors = new Actors(send, origin, scenario.prefix)
  const push = pusher(send, new URL(origin).host)
  const norm = new Normalizer(origin)
  const variables = new Map<string, unknown>([['base', origin]])
  const steps: Recorded[] = []

  for (const name of ['admin', 'owners']) learn(name)
  try {
    await actors.initialize()
    for (const step of scenario.steps) await play(step)
  } catch (error) {
    return { steps, broken: String(error) }
  }
  return { steps }

  async function play(step: Step): Promise<void> {
    switch (step.action) {
      case 'wait':
        return world.tick(step.ms)
      case 'time': {
        const at = Math.floor(world.clock.now.getTime() / 1000) + step.seconds
        variables.set(step.name, at)
        norm.times.set(step.name, at)
        return
      }
      case 'create_user':
        learn(actors.username(step.name))
        await actors.createUser(step.name, step.scope)
        variables.set(`password_${step.name}`, actors.passwords.get(step.name))
        return
      case 'token':
        return actors.token(step.name, step.actor, step.scope)
      case 'session':
        actors.known.set(`${step.name}@web`, await actors.session(step.name))
        return
      case 'push':
        steps.push(await playPush(step))
        return
      default:
        steps.push(await playRequest(step))
    }
  }

  async function playPush(step: PushStep): Promise<Recorded> {
    const who = actors.known.get(step.as)?.user ?? step.as
    const basic = step.basic ? fill(step.basic) : `${actors.username(who)}:${actors.passwords.get(who)}`
    const { text, ...done } = await push(basic, fill(step.target), step.image, (key) => String(variables.get(key)))
    capture(step.save, done, {})
    const body = done.status >= 400 ? norm.body(text) : { digest: done.digest }
    return { n: steps.length + 1, as: step.as, status: done.status, body }
  }

  async function playRequest(step: RequestStep): Promise<Recorded> {
    const path = fill(step.path)
    learn(path.split(/[/?&=]/).map(decoded))
    learn(filled(step.body))
    const given = filled(step.headers ?? {}) as Record<string, string>
    const headers: Record<string, string> = { ...actors.headers(step.as, step.method), ...given }
    const body = bodyOf(step, headers)
    if (headers['content-type'] === 'none') delete headers['content-type']
    const answer = await send({ method: step.method, path, headers, ...(body !== undefined && { body }) })
    actors.learn(step.as, answer)
    capture(step.save, json(answer), answer.headers)
    const found = norm.answer(answer, Boolean(step.cors))
    const recorded = { n: steps.length + 1, as: step.as }
    if (step.status || step.unstable) return { ...recorded, status: found.status }
    for (const place of [step.sort ?? []].flat()) sortList(place === '.' ? found.body : at(found.body, place))
    if (step.pick && typeof found.body === 'object' && found.body !== null)
      found.body = Object.fromEntries(step.pick.map((place) => [place, at(found.body, place)]))
    // As the recordings went through JSON: a member that is not there is not there.
    return JSON.parse(JSON.stringify({ ...recorded, ...found }))
  }

  function bodyOf({ raw, form, body }: RequestStep, headers: Record<string, string>): string | undefined {
    if (form) {
      headers['content-type'] = 'application/x-www-form-urlencoded'
      return new URLSearchParams(filled(form) as Record<string, string>).toString()
    }
    if (raw === undefined && body === undefined) return undefined
    headers['content-type'] ??= 'application/json'
    return raw === undefined ? JSON.stringify(filled(body)) : fill(raw)
  }

  function fill(text: string): string {
    return text
      .replace(/\{\{(\w+)\}\}/g, (_, name) => String(variables.get(name) ?? ''))
      .replace(/(?<!\$)\{([a-z]\w*)\}/g, (_, name) => scenario.prefix + name)
  }

  function filled(value: unknown): unknown {
    if (typeof value === 'string') {
      const name = /^\{\{(\w+)\}\}$/.exec(value)?.[1]
      return name ? (variables.get(name) ?? null) : fill(value)
    }
    if (Array.isArray(value)) return value.map(filled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [fill(key), filled(item)]))
  }

  function learn(value: unknown): void {
    if (typeof value === 'string') {
      for (const text of [value, `${value}@example.com`, `${value}-apps@example.com`]) norm.allow(text)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(learn)
  }

  function capture(save: Record<string, string> = {}, body: unknown, headers: Record<string, string>) {
    for (const [name, place] of Object.entries(save))
      variables.set(name, place.startsWith('header:') ? headers[place.slice(7)] : at(body, place))
  }
}

function at(value: unknown, place: string): unknown {
  if (place === '.') return value
  return place.split('.').reduce<unknown>((v, key) => (v as Record<string, unknown> | undefined | null)?.[key], value)
}

function sortList(value: unknown): void {
  if (Array.isArray(value)) value.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
