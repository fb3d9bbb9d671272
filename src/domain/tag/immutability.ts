import { RE2JS } from 're2js'
import type { Settings } from '../../settings.ts'
import type { Manifest } from '../../store/manifests.ts'

/** A pattern that makes new tags immutable: the whole name has to match, or, where `matches` is false, must not. */
export interface ImmutabilityRule {
  pattern: string
  matches: boolean
}

/** Planned end and immutability of a tag that begins to mean this manifest at `at`. */
export function lifeOf(
  name: string,
  manifest: Pick<Manifest, 'expiresAfterSeconds' | 'immutableLabel'>,
  rules: readonly ImmutabilityRule[],
  at: Date,
  settings: Settings,
): { expiresAt: Date | null; immutable: boolean; byPolicy: boolean } {
  const byPolicy = settings.FEATURE_IMMUTABLE_TAGS && rules.some((rule) => isHit(rule, name))
  const immutable = settings.FEATURE_IMMUTABLE_TAGS && (manifest.immutableLabel || byPolicy)
  const seconds = immutable && !settings.FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE ? null : manifest.expiresAfterSeconds
  return { expiresAt: seconds === null ? null : new Date(at.getTime() + seconds * 1000), immutable, byPolicy }
}

/** Matching takes time in proportion to the name: the engine has no backtracking. */
export const isHit = (rule: ImmutabilityRule, name: string) => hitter(rule)(name)

/** The same for many names. */
export function hitter({ pattern, matches }: ImmutabilityRule): (name: string) => boolean {
  const expression = RE2JS.compile(pattern)
  return (name) => expression.matches(name) === matches
}
