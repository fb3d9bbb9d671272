import { digestOf } from '../support/seedImage.ts'
import type { Image } from './scenario.ts'
import { json, type Send } from './transport.ts'

const types = {
  docker: {
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  },
  oci: {
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
    index: 'application/vnd.oci.image.index.v1+json',
  },
} as const

const encoder = new TextEncoder()
const created = '2025-01-02T03:04:05Z'

export interface Pushed {
  status: number
  text: string
  digest?: string
  config?: string
  layers?: string[]
}

/** Pushes images to one registry, and remembers them: an index states the size and the type of each child. */
export function pusher(send: Send, host: string) {
  const pushed = new Map<string, { mediaType: string; size: number }>()

  return async (basic: string, target: string, image: Image, digestNamed: (key: string) => string): Promise<Pushed> => {
    const [, name, tag] = /^(.*):([^:]+)$/.exec(target) ?? []
    const type = types[image.media ?? 'docker']
    const auth = await send({
      method: 'GET',
      path: `/v2/auth?service=${host}&scope=repository:${name}:pull,push`,
      headers: { authorization: `Basic ${btoa(basic)}` },
    })
    if (auth.status !== 200) return { status: auth.status, text: auth.text }
    const bearer = { authorization: `Bearer ${json(auth)?.token}` }

    const put = async (bytes: Uint8Array) => {
      const begun = await send({ method: 'POST', path: `/v2/${name}/blobs/uploads/`, headers: bearer })
      if (begun.status !== 202) return begun
      const to = new URL(begun.headers.location ?? '', `http://${host}`)
      to.searchParams.set('digest', await digestOf(bytes))
      const headers = { ...bearer, 'content-type': 'application/octet-stream' }
      return send({ method: 'PUT', path: to.pathname + to.search, headers, body: bytes })
    }

    const layers = image.index ? [] : (image.layers ?? ['layer']).map((text) => encoder.encode(text))
    const layerDigests = await Promise.all(layers.map(digestOf))
    let manifest: Record<string, unknown> & { mediaType: string }
    let config: string | undefined
    if (image.index) {
      const manifests = image.index.map((key, i) => ({
        ...pushed.get(digestNamed(key)),
        digest: digestNamed(key),
        platform: { architecture: ['amd64', 'arm64', 's390x'][i], os: 'linux' },
      }))
      manifest = { schemaVersion: 2, mediaType: type.index, manifests }
    } else {
      const configBytes = encoder.encode(JSON.stringify(imageConfig(image, layerDigests)))
      config = await digestOf(configBytes)
      for (const bytes of [...layers, configBytes]) {
        const done = await put(bytes)
        if (done.status >= 300) return { status: done.status, text: done.text }
      }
      manifest = {
        schemaVersion: 2,
        mediaType: type.manifest,
        config: { mediaType: type.config, size: configBytes.length, digest: config },
        layers: layers.map((bytes, i) => ({ mediaType: type.layer, size: bytes.length, digest: layerDigests[i] })),
      }
    }
    if (image.annotations) manifest.annotations = image.annotations
    const bytes = encoder.encode(JSON.stringify(manifest))
    const digest = await digestOf(bytes)
    pushed.set(digest, { mediaType: manifest.mediaType, size: bytes.length })
    const headers = { ...bearer, 'content-type': manifest.mediaType }
    const done = await send({ method: 'PUT', path: `/v2/${name}/manifests/${tag}`, headers, body: bytes })
    return { status: done.status, text: done.text, digest, config, layers: layerDigests }
  }
}

const imageConfig = (image: Image, layerDigests: string[]) => ({
  architecture: 'amd64',
  os: 'linux',
  created,
  author: 'golden',
  config: { Labels: image.labels ?? {} },
  rootfs: { type: 'layers', diff_ids: layerDigests },
  history: (image.layers ?? ['layer']).map((text, i) => ({
    created,
    created_by: `COPY ${text}`,
    comment: `step ${i}`,
  })),
})
