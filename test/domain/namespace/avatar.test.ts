import { describe, expect, it } from 'vitest'
import { avatarOf } from '../../../src/domain/namespace/avatar.ts'

describe('avatarOf', () => {
  it.each([
    { source: ['owners'], hash: '6f0e3a8c', color: '#c7c7c7' },
    { source: ['new', 'new-contact@test-org.com'], hash: 'a15d4790', color: '#aec7e8' },
    { source: ['quay', ' Quay@Quay.com '], hash: 'b28d563a', color: '#17becf' },
    { source: ['owners', ''], hash: '6f0e3a8c', color: '#c7c7c7' },
  ])('is Quay’s for $source', ({ source: [name = '', email], hash, color }) => {
    const avatar = avatarOf('user', name, email)
    expect(avatar).toMatchObject({ name, color, kind: 'user' })
    expect(avatar.hash).toMatch(new RegExp(`^${hash}[0-9a-f]{56}$`))
  })
})
