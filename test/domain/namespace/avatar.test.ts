import { describe, expect, it } from 'vitest'
import { avatarOf } from '../../../src/domain/namespace/avatar.ts'

describe('avatarOf', () => {
  it.each([
    { source: ['owners'], hash: '6f0e3a8c', color: '#c7c7c7' },
    { source: ['new', 'new-contact@test-org.com'], hash: 'a15d4790', color: '#aec7e8' },
    { source: ['quay', ' Quay@Quay.com '], hash: 'b28d563a', color: '#17becf' },
    { source: ['quayadmin', 'test@gmil.com'], hash: '6d640d80', color: '#f7b6d2' },
    { source: ['newuser', 'newuser@example.com'], hash: 'f338a2c8', color: '#9edae5' },
    { source: ['testteam'], hash: '827f8c57', color: '#ff7f0e' },
    { source: ['fed_test', 'fe11fc59-bd09-459a-a21c-b57692d151c9'], hash: 'e2ce1fb4', color: '#ff7f0e' },
    { source: ['owners', ''], hash: '6f0e3a8c', color: '#c7c7c7' },
  ])('is Quay’s for $source', ({ source: [name = '', email], hash, color }) => {
    const avatar = avatarOf('user', name, email)
    expect(avatar).toMatchObject({ name, color, kind: 'user' })
    expect(avatar.hash).toMatch(new RegExp(`^${hash}[0-9a-f]{56}$`))
  })
})
