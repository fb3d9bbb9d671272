/** Numbers that look random and are the same for the same seed. */
export function seededRandom(seed: number) {
  let state = seed >>> 0
  /** From 0 up to 1. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** A whole number below the limit. */
  const below = (limit: number) => Math.floor(next() * limit)
  return { next, below, pick: <T>(list: readonly T[]): T | undefined => list[below(list.length)] }
}
