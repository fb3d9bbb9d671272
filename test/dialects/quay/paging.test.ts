import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pagePosition, pageToken } from '../../../src/dialects/quay/paging.ts'
import { createVault } from '../../../src/domain/token/vault.ts'

describe('next_page', () => {
  const vault = createVault('a secret of the tests, long enough')
  const now = new Date('2026-03-01T12:00:00Z')
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  const shape = z.object({ afterId: z.int() })

  it.each([
    { case: 'leads on for two days', token: () => pageToken({ vault, now }, { afterId: 7 }), at: later(47), to: 7 },
    {
      case: 'ends after two days',
      token: () => pageToken({ vault, now }, { afterId: 7 }),
      at: later(48),
      to: undefined,
    },
    { case: 'of another list leads nowhere', token: () => pageToken({ vault, now }, 'abc'), at: now, to: undefined },
    {
      case: 'of another installation leads nowhere',
      token: () => pageToken({ vault: createVault('another secret'), now }, { afterId: 7 }),
      at: now,
      to: undefined,
    },
    {
      case: 'sealed for another purpose leads nowhere',
      token: () => vault.seal('session', '{}'),
      at: now,
      to: undefined,
    },
    { case: 'that is garbage leads nowhere', token: () => 'garbage', at: now, to: undefined },
    { case: 'that is missing is the first page', token: () => undefined, at: now, to: undefined },
  ])('$case', async ({ token, at, to }) => {
    expect((await pagePosition({ vault, now: at }, await token(), shape))?.afterId).toBe(to)
  })
})
