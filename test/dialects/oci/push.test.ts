import { describe, expect, it } from 'vitest'
import { digestOf } from '../../support/seedImage.ts'
import { createWorld, password } from '../../support/world.ts'

const basic = (user: string, secret = password) => ({ authorization: `Basic ${btoa(`${user}:${secret}`)}` })
const bytes = (text: string) => new TextEncoder().encode(text)

describe('ping', () => {
  it('says with one challenge where to get a token', async () => {
    const world = await createWorld()
    const response = await world.as('nobody').request('GET', '/v2/')
    expect(response.status).toBe(401)
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="http://registry.test/v2/auth",service="registry.test"',
    )
    expect((await world.as('bob').request('GET', '/v2/')).status).toBe(200)
  })
})

describe('push', () => {
  it('goes the way that Docker goes', async () => {
    const world = await createWorld()
    const auth = await world
      .client(basic('bob'))
      .request('GET', '/v2/auth?service=registry.test&scope=repository:acme/app:pull,push')
    expect(auth.status).toBe(200)
    const { token } = (await auth.json()) as { token: string }
    const bob = world.client({ authorization: `Bearer ${token}` })
    const put = async (content: Uint8Array) => {
      const begun = await bob.request('POST', '/v2/acme/app/blobs/uploads/')
      expect(begun.status, await begun.text()).toBe(202)
      const location = begun.headers.get('location') as string
      const patched = await bob.request('PATCH', location, content)
      expect(patched.status, await patched.text()).toBe(202)
      const done = await bob.request('PUT', `${patched.headers.get('location')}?digest=${await digestOf(content)}`)
      expect(done.status, await done.text()).toBe(201)
      return { digest: await digestOf(content), size: content.length }
    }
    const config = await put(bytes('{"config":{"Labels":{"maintainer":"me"}}}'))
    const layer = await put(bytes('layer'))
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }],
    })
    world.meter.reset()
    const pushed = await bob.request('PUT', '/v2/acme/app/manifests/latest', manifest, { 'content-type': type })
    expect(pushed.status, await pushed.text()).toBe(201)
    expect(world.meter.roundTrips).toBe(2)
    world.meter.reset()
    const head = await bob.request('HEAD', '/v2/acme/app/manifests/latest')
    expect(world.meter).toMatchObject({ roundTrips: 1 })
    expect(world.meter.rowsRead).toBeLessThan(30)
    expect(head.headers.get('content-length')).toBe(String(manifest.length))
    const got = await bob.request('GET', '/v2/acme/app/manifests/latest')
    expect(await got.text()).toBe(manifest)
    const blob = await bob.request('GET', `/v2/acme/app/blobs/${layer.digest}`)
    expect(new TextDecoder().decode(await blob.arrayBuffer())).toBe('layer')
    await world.settle()
    expect((await world.events()).map((e) => e.kind)).toEqual(['push_repo', 'pull_repo'])
  })
})
