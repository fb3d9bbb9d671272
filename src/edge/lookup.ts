import type { Credential } from '../domain/token/credential.ts'
import type { Services } from '../services.ts'
import type { Answer } from './answers.ts'

/** A read that many clients repeat, and for which the right to read the repository is enough: who asks for what. */
export interface Lookup {
  /** Each dialect has rules of its own on who may read; a right in one is none in another. */
  dialect: 'quay' | 'swr' | 'oci'
  /** Stands for the caller: a hash of its credential, or `anonymous`. */
  caller: string
  /** `namespace/name` of the repository. */
  path: string
  /** The operation and the query, so that equal requests have equal texts. */
  variant: string
  /** The answer differs by caller. */
  isPersonal: boolean
}

/** How the edge knows a caller: by what it proves itself with, never by a name. */
export function callerOf(credential: Credential): string {
  switch (credential.kind) {
    case 'none':
      return 'anonymous'
    case 'oauth':
      return credential.secretHash
    case 'session':
      return `session ${credential.uuid}`
    default:
      return JSON.stringify(credential)
  }
}

/** What the dialect wants to know again when the answer is given out once more: as JSON. */
export interface Known {
  /** Of what was answered. */
  subject?: unknown
  /** Of who asked. */
  caller?: unknown
}

/** What a lookup found in the store, besides its answer. */
export interface Facts extends Known {
  /** Names the repository for ever: a re-created one has another. */
  repository: string
  generation: number
  /** Names the answer for ever, where it can't change: of a new generation it is only asked whether it is still there. */
  content?: string | undefined
  /** When time alone will change the answer: the next planned end of a tag. */
  changesAt: Date | undefined
  /** When the caller's credential runs out. */
  callerUntil: Date | undefined
}

/** What may be answered, kept at the edge for EDGE_TTL_SECONDS: one entry per repository. Times are epoch milliseconds. */
interface Permit {
  repository: string
  generation: number
  changesAt: number | undefined
  /** Until when the generation is believed. */
  until: number
  callers: Record<string, Caller>
  /** By variant: what was there in this generation, of what can't change. */
  contents: Record<string, string>
}

interface Caller {
  /** Until when the caller's right is believed. */
  until: number
  facts?: unknown
}

interface Recalled extends Pick<Known, 'caller'> {
  answer: Answer
}

const callersMax = 200
const contentsMax = 50
const writtenMax = 10_000
const answerTtlSeconds = 3600
/** Of what can't change. */
const contentTtlSeconds = 365 * 86_400
const readerOf = ({ dialect, caller }: Lookup) => `${dialect} ${caller}`
/** To be raised with each change of the entry's form: the code of two deployments meets at one edge. */
const permitForm = 2
const permitKey = (path: string) => `permit ${permitForm} ${path}`

/** The answer, where this caller's right and the repository's generation were read at this edge not long ago. */
export async function recall(services: Services, lookup: Lookup): Promise<Recalled | undefined> {
  if (services.settings.EDGE_TTL_SECONDS === 0) return undefined
  const text = await services.edge.get(permitKey(lookup.path))
  const permit = text === undefined ? undefined : (JSON.parse(text) as Permit)
  const now = services.now().getTime()
  const caller = permit?.callers[readerOf(lookup)]
  if (!permit || !caller || !isFresh(permit, now) || caller.until <= now) return undefined
  const key = answerKey(services, lookup, { ...permit, content: permit.contents[lookup.variant] })
  const answer = services.answers.get(key) ?? (await fromEdge(services, key))
  return answer && { answer, caller: caller.facts }
}

async function fromEdge({ edge, answers }: Services, key: string): Promise<Answer | undefined> {
  const text = await edge.get(`answer ${key}`)
  if (text === undefined) return undefined
  const answer = JSON.parse(text) as Answer
  answers.put(key, answer)
  return answer
}

/**
 * Keeps an answer, and that this caller may have it. `readAt` is when the store was asked: where something was written
 * here since, nothing is kept.
 */
export async function remember(
  services: Services,
  lookup: Lookup,
  facts: Facts,
  answer: Answer,
  readAt: number,
): Promise<void> {
  const { settings, edge, answers } = services
  if (settings.EDGE_TTL_SECONDS === 0) return
  const changesAt = facts.changesAt?.getTime()
  const until = readAt + settings.EDGE_TTL_SECONDS * 1000
  const { repository, generation, content } = facts
  const key = answerKey(services, lookup, { repository, generation, changesAt, content })
  const isKept = content !== undefined && answers.get(key) !== undefined
  if (!isKept) {
    answers.put(key, answer)
    await edge.put(
      `answer ${key}`,
      JSON.stringify(answer),
      content === undefined ? answerTtlSeconds : contentTtlSeconds,
    )
  }

  const text = await edge.get(permitKey(lookup.path))
  const before = text === undefined ? undefined : (JSON.parse(text) as Permit)
  if (wroteSince(services, lookup.path, readAt) || (before && before.generation > generation)) return
  const same = before?.repository === repository && before.generation === generation ? before : undefined
  const others = Object.entries(same?.callers ?? {}).filter(([, { until }]) => until > readAt)
  const contents = Object.entries(same?.contents ?? {})
  const caller = { until: Math.min(until, facts.callerUntil?.getTime() ?? until), facts: facts.caller }
  const permit: Permit = {
    repository,
    generation,
    changesAt,
    until,
    callers: Object.fromEntries([...others.slice(-callersMax + 1), [readerOf(lookup), caller]]),
    contents: Object.fromEntries([
      ...contents.slice(-contentsMax + 1),
      ...(content === undefined ? [] : [[lookup.variant, content]]),
    ]),
  }
  await edge.put(permitKey(lookup.path), JSON.stringify(permit), settings.EDGE_TTL_SECONDS)
  if (wroteSince(services, lookup.path, readAt)) await edge.delete(permitKey(lookup.path))
}

/** After a write: what may be answered of this repository has to be asked anew at this edge. */
export async function forget(services: Services, path: string): Promise<void> {
  if (services.settings.EDGE_TTL_SECONDS === 0) return
  const { written } = services
  written.delete(path)
  written.set(path, services.now().getTime())
  if (written.size > writtenMax) written.delete(written.keys().next().value as string)
  await services.edge.delete(permitKey(path))
}

const wroteSince = ({ written }: Services, path: string, readAt: number) => (written.get(path) ?? 0) >= readAt

const isFresh = ({ until, changesAt }: Permit, now: number) =>
  until > now && (changesAt === undefined || changesAt > now)

/** Can be wrong only if the generation is; what can't change outlives it. */
const answerKey = (
  { release }: Services,
  { dialect, caller, variant, isPersonal }: Lookup,
  {
    repository,
    generation,
    changesAt,
    content,
  }: Pick<Facts, 'content'> & Pick<Permit, 'repository' | 'generation' | 'changesAt'>,
) => {
  const version = content === undefined ? `${generation} ${changesAt ?? ''}` : `is ${content}`
  return `${release} ${repository} ${version} ${isPersonal ? caller : ''} ${dialect} ${variant}`
}
