import type { Settings } from '../../settings.ts'

type Bounds = Pick<Settings, 'LABEL_EXPIRATION_MIN_SECONDS' | 'LABEL_EXPIRATION_MAX_SECONDS'>

/**
 * When a tag ends that is to end at an epoch second. The bounds hold from the tag's start, not from now; the start's
 * part of a second is carried, so that within the bounds the end's second is the one that was asked for.
 */
export function plannedEnd(startedAt: Date, epochSecond: number, bounds: Bounds): Date {
  const start = startedAt.getTime()
  const wanted = epochSecond - Math.floor(start / 1000)
  const seconds = Math.min(Math.max(wanted, bounds.LABEL_EXPIRATION_MIN_SECONDS), bounds.LABEL_EXPIRATION_MAX_SECONDS)
  return new Date(start + seconds * 1000)
}
