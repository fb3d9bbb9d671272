import { describe, expect, it } from 'vitest'
import { fetchPublicJson } from '../../src/outbound/fetchPublic.ts'

/** A network of pages by address; what it was asked for. */
function networkOf(pages: Record<string, Response>) {
  const asked: string[] = []
  const network = async (request: Request) => {
    asked.push(request.url)
    return pages[request.url] ?? new Response('', { status: 404 })
  }
  return { asked, outbound: { network, allowedHosts: [] } }
}
const to = (location: string) => new Response('', { status: 302, headers: { location } })

describe('fetchPublicJson', () => {
  it('follows redirections, relative ones too', async () => {
    const { asked, outbound } = networkOf({
      'https://a.example/': to('/b'),
      'https://a.example/b': to('https://c.example/'),
      'https://c.example/': Response.json({ found: true }),
    })
    expect(await fetchPublicJson(outbound, 'https://a.example/')).toEqual({ found: true })
    expect(asked).toHaveLength(3)
  })

  it.each([
    'http://127.0.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'https://user:word@c.example/',
    'file:///etc/passwd',
    '//metadata.google.internal/',
  ])('goes no further where a redirection leads to %s', async (location) => {
    const { asked, outbound } = networkOf({ 'https://a.example/': to(location) })
    await expect(fetchPublicJson(outbound, 'https://a.example/')).rejects.toThrow(/blocked|userinfo|scheme/)
    expect(asked).toEqual(['https://a.example/'])
  })

  it.each([
    { case: 'redirections without end', page: () => to('https://a.example/'), problem: 'redirects' },
    { case: 'another status', page: () => new Response('{}', { status: 500 }), problem: 'status' },
    { case: 'no JSON', page: () => new Response('<html>'), problem: 'not_json' },
    { case: 'too much', page: () => new Response(`"${'x'.repeat(300_000)}"`), problem: 'too_large' },
  ])('takes no answer of $case', async ({ page, problem }) => {
    const outbound = { network: async () => page(), allowedHosts: [] }
    await expect(fetchPublicJson(outbound, 'https://a.example/')).rejects.toMatchObject({ problem })
  })
})
