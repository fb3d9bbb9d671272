import { describe, expect, it } from 'vitest'
import { createSwrWorld, manage } from '../support/swrWorld.ts'

const path = 'group/busybox'
const swrTags = `${manage}/namespaces/group/repos/busybox/tags`
const quayTags = `/api/v1/repository/${path}/tag`
const names = ['a', 'b', 'c', 'd', 'e']
const steps = 40

/** Numbers from 0 to 1 that a seed repeats. */
function randomFrom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

describe('whatever is done through whichever dialect', () => {
  it.each([1, 2, 3])('all three tell the same story (seed %i)', async (seed) => {
    const world = await createSwrWorld()
    const random = randomFrom(seed)
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
    const quay = world.as('alice')
    const swr = world.swr('alice')
    const images = await Promise.all(['x', 'y', 'z'].map((layer) => world.image(path, { layers: [layer] })))
    const [rows] = [await world.store.all('select digest, content, media_type from manifest')] as [
      { digest: string; content: string; media_type: string }[],
    ]
    /** What each name should mean. */
    const model = new Map<string, string>()
    const means = (name: string, digest: string) => model.set(name, digest)
    const isReachable = (digest: string) => [...model.values()].includes(digest)

    const push = async (name: string, digest: string) => {
      const { content = '', media_type: type = '' } = rows.find((row) => row.digest === digest) ?? {}
      const url = `/v2/${path}/manifests/${name}`
      const { status } = await quay.request('PUT', url, content, { 'content-type': type })
      expect(status).toBe(201)
      means(name, digest)
    }
    const operations: Record<string, (name: string, digest: string) => Promise<void>> = {
      'OCI push': push,
      'OCI delete': async (name) => {
        const { status } = await quay.request('DELETE', `/v2/${path}/manifests/${name}`)
        expect(status).toBe(model.delete(name) ? 202 : 404)
      },
      'Quay move': async (name, digest) => {
        const { status } = await quay.request('PUT', `${quayTags}/${name}`, { manifest_digest: digest })
        const isAllowed = isReachable(digest)
        expect(status).toBe(isAllowed ? 201 : 404)
        if (isAllowed) means(name, digest)
      },
      'Quay delete': async (name) => {
        const { status } = await quay.request('DELETE', `${quayTags}/${name}`)
        expect(status).toBe(model.delete(name) ? 204 : 404)
      },
      'Quay restore': async (name, digest) => {
        const { status } = await quay.request('POST', `${quayTags}/${name}/restore`, { manifest_digest: digest })
        // Every manifest of the repository may come back under every name.
        expect(status).toBe(200)
        means(name, digest)
      },
      'SWR copy': async (name) => {
        const source = pick(names)
        const override = random() < 0.7
        const body = { source_tag: source, destination_tag: name, override }
        const { status } = await swr.request('POST', swrTags, body)
        const digest = model.get(source)
        expect(status).toBe(!digest ? 404 : model.has(name) && !override ? 409 : 201)
        if (status === 201 && digest) means(name, digest)
      },
      'SWR delete': async (name) => {
        const { status } = await swr.request('DELETE', `${swrTags}/${name}`)
        expect(status).toBe(model.delete(name) ? 204 : 404)
      },
    }

    await push('a', images[0] ?? '')
    for (let step = 0; step < steps; step++) {
      world.tick(1000)
      const operation = pick(Object.keys(operations))
      await operations[operation]?.(pick(names), pick(images))

      const story = Object.fromEntries([...model].sort(([one], [other]) => (one < other ? -1 : 1)))
      const ofQuay = await quay.get<{ tags: { name: string; manifest_digest: string; start_ts: number }[] }>(
        `${quayTags}/?onlyActiveTags=true`,
      )
      const listed = await swr.request('GET', swrTags)
      const ofSwr = (await listed.json()) as { Tag: string; digest: string; updated: string }[]
      const ofOci = await quay.get<{ tags: string[] }>(`/v2/${path}/tags/list`)
      const told = `step ${step}: ${operation}`
      expect([told, Object.fromEntries(ofQuay.tags.map((tag) => [tag.name, tag.manifest_digest]))]).toEqual([
        told,
        story,
      ])
      expect([told, Object.fromEntries(ofSwr.map((tag) => [tag.Tag, tag.digest]))]).toEqual([told, story])
      expect([told, ofOci.tags]).toEqual([told, Object.keys(story)])
      expect(ofSwr.map(({ Tag }) => Tag)).toEqual(ofQuay.tags.map(({ name }) => name))
      expect(ofSwr.map(({ updated }) => Date.parse(updated) / 1000)).toEqual(ofQuay.tags.map((tag) => tag.start_ts))
      expect(listed.headers.get('content-range')).toBe(`0-${model.size}/${model.size}`)
      const name = pick(names)
      const head = await quay.request('HEAD', `/v2/${path}/manifests/${name}`)
      expect(head.headers.get('docker-content-digest')).toBe(model.get(name) ?? null)
    }
  })
})
