import { describe, expect, it } from 'vitest'
import { isRedirectOf, withAnswer } from '../../../src/domain/application/redirect.ts'

const registered = 'https://tool.example.com/cb'
const own = 'https://registry.example.com/oauth/localapp'

describe('an address that tokens are sent to', () => {
  it.each([
    { asked: registered, is: true, case: 'is the registered one' },
    { asked: own, is: true, case: 'is our own page' },
    { asked: 'HTTPS://TOOL.example.com:443/cb', is: true, case: 'is the same in other letters' },
    { asked: 'https://tool.example.com/cb/', is: false, case: 'has no slash more' },
    { asked: 'https://tool.example.com/cb/more', is: false, case: 'is not below it' },
    { asked: 'https://tool.example.com/cbx', is: false, case: 'does not only begin like it' },
    { asked: 'https://tool.example.com/cb?next=https://evil.example', is: false, case: 'has no query more' },
    { asked: 'https://tool.example.com/cb#x', is: false, case: 'has no fragment' },
    { asked: 'http://tool.example.com/cb', is: false, case: 'has the same scheme' },
    { asked: 'https://tool.example.com:8443/cb', is: false, case: 'has the same port' },
    { asked: 'https://evil.tool.example.com/cb', is: false, case: 'is no subdomain' },
    { asked: 'https://tool.example.com.evil.example/cb', is: false, case: 'is no longer host' },
    { asked: 'https://tool.example.com/cb/../cb', is: true, case: 'is read as a browser reads it' },
    { asked: 'https://tool.example.com/cb/../../x', is: false, case: 'does not climb' },
    { asked: 'https://tool.example.com/cb/%2e%2e/x', is: false, case: 'does not climb in disguise' },
    { asked: 'https://tool.example.com/cb/%252e%252e', is: false, case: 'does not climb in two disguises' },
    { asked: 'https://tool.example.com/cb%2F', is: false, case: 'has no encoded slash' },
    { asked: 'https://tool.example.com/cb%20', is: false, case: 'has no encoded space' },
    { asked: 'https://user@tool.example.com/cb', is: false, case: 'names no user' },
    { asked: 'https://tool.example.com:x@evil.example/cb', is: false, case: 'names no password' },
    { asked: 'https://evil.example\\@tool.example.com/cb', is: false, case: 'has no backslash' },
    { asked: 'https:\\\\tool.example.com\\cb', is: false, case: 'has no backslashes for slashes' },
    { asked: ' https://tool.example.com/cb', is: false, case: 'has no space before it' },
    { asked: 'https://tool.example.com/c\tb', is: false, case: 'has no tab in it' },
    { asked: 'https://tool.example.com/cb\u0000', is: false, case: 'has no control character' },
    { asked: '//tool.example.com/cb', is: false, case: 'has a scheme' },
    { asked: 'javascript:alert(1)', is: false, case: 'is no script' },
    { asked: '', is: false, case: 'is not empty' },
  ])('$case: $asked', ({ asked, is }) => {
    expect(isRedirectOf(registered, asked, own)).toBe(is)
  })

  it('is nowhere, where none is registered', () => {
    expect(isRedirectOf('', 'https://tool.example.com/cb', own)).toBe(false)
    expect(isRedirectOf('', '', own)).toBe(false)
    expect(isRedirectOf('', own, own)).toBe(true)
  })

  it('keeps the query that it had', () => {
    const address = withAnswer(
      'https://tool.example.com/cb?a=1',
      { scope: 'repo:read user:read', state: undefined },
      'x=y&z',
    )
    expect(address).toBe('https://tool.example.com/cb?a=1&scope=repo%3Aread+user%3Aread#x=y&z')
  })
})
