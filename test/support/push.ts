import { digestOf } from './seedImage.ts'
import type { Client } from './world.ts'

const encoder = new TextEncoder()
export const bytesOf = (text: string) => encoder.encode(text)

export const types = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerImage: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const

export interface Pushed {
  response: Response
  digest: string
  /** The manifest as text. */
  text: string
}

export interface PushedImage {
  layers?: string[]
  labels?: Record<string, string>
  annotations?: Record<string, string>
  mediaType?: string
  subject?: string
  artifactType?: string
  configType?: string
}

/** Pushes a blob in one request. */
export async function pushBlob(client: Client, repository: string, text: string): Promise<string> {
  const bytes = bytesOf(text)
  const digest = await digestOf(bytes)
  const response = await client.request('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, bytes)
  if (response.status !== 201) throw new Error(`blob: ${response.status} ${await response.text()}`)
  return digest
}

export async function pushManifest(
  client: Client,
  repository: string,
  reference: string,
  manifest: unknown,
  mediaType?: string,
): Promise<Pushed> {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
  const digest = await digestOf(bytesOf(text))
  const type = mediaType ?? (manifest as { mediaType?: string }).mediaType ?? types.image
  const response = await client.request('PUT', `/v2/${repository}/manifests/${reference || digest}`, text, {
    'content-type': type,
  })
  return { response, digest, text }
}

/** Pushes an image with its blobs; without a reference by its digest. */
export async function pushImage(client: Client, target: string, image: PushedImage = {}): Promise<Pushed> {
  const [repository = '', reference = ''] = target.split(':')
  const { layers = ['layer'], labels, annotations, subject, artifactType, mediaType = types.image } = image
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { ...(labels && { Labels: labels }) },
    of: layers,
  })
  const descriptors = await Promise.all(
    [config, ...layers].map(async (text) => ({
      digest: await pushBlob(client, repository, text),
      size: bytesOf(text).length,
    })),
  )
  return pushManifest(client, repository, reference, {
    schemaVersion: 2,
    mediaType,
    ...(artifactType && { artifactType }),
    config: { mediaType: image.configType ?? types.config, ...descriptors[0] },
    layers: descriptors.slice(1).map((layer) => ({ mediaType: types.layer, ...layer })),
    ...(subject && { subject: { mediaType: types.image, digest: subject, size: 2 } }),
    ...(annotations && { annotations }),
  })
}

/** Pushes an index of manifests. */
export async function pushIndex(
  client: Client,
  target: string,
  children: Pick<Pushed, 'digest' | 'text'>[],
  mediaType: string = types.index,
  annotations?: Record<string, string>,
): Promise<Pushed> {
  const [repository = '', reference = ''] = target.split(':')
  return pushManifest(client, repository, reference, {
    schemaVersion: 2,
    mediaType,
    manifests: children.map(({ digest, text }) => ({ mediaType: types.image, digest, size: text.length })),
    ...(annotations && { annotations }),
  })
}

/** The code of the first error in an answer, or nothing where it is no error. */
export async function errorCode(response: Response): Promise<string | undefined> {
  if (response.status < 400) return undefined
  const body = (await response.json()) as { errors: { code: string }[] }
  return body.errors[0]?.code
}

/** A client with what `docker login` was given. */
export const basic = (user: string, secret: string) => ({ authorization: `Basic ${btoa(`${user}:${secret}`)}` })
