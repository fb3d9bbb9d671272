import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const types = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
}

interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A folder in the OCI layout with a single image `one` and an index `multi` of two; digests by name. */
export async function writeLayout(folder: string, layerBytes: number[]): Promise<{ one: string; multi: string }> {
  const blobs = join(folder, 'blobs/sha256')
  await mkdir(blobs, { recursive: true })
  const put = async (mediaType: string, bytes: Uint8Array): Promise<Descriptor> => {
    const digest = sha256(bytes)
    await writeFile(join(blobs, digest.slice(7)), bytes)
    return { mediaType, digest, size: bytes.length }
  }
  const putJson = (mediaType: string, value: object) => put(mediaType, Buffer.from(JSON.stringify(value)))
  const image = async (architecture: string) => {
    const tars = layerBytes.map((length, i) => tarOf(`${architecture}-${i}`, randomBytes(length)))
    const layers: Descriptor[] = []
    for (const tar of tars) layers.push(await put(types.layer, gzipSync(tar, { level: 1 })))
    const rootfs = { type: 'layers', diff_ids: tars.map(sha256) }
    const config = await putJson(types.config, {
      architecture,
      os: 'linux',
      config: { Labels: { maintainer: 'me' } },
      rootfs,
    })
    return putJson(types.image, { schemaVersion: 2, mediaType: types.image, config, layers })
  }
  const [one, other] = [await image('amd64'), await image('arm64')]
  const platform = (architecture: string) => ({ platform: { architecture, os: 'linux' } })
  const manifests = [
    { ...one, ...platform('amd64') },
    { ...other, ...platform('arm64') },
  ]
  const multi = await putJson(types.index, { schemaVersion: 2, mediaType: types.index, manifests })
  const named = (descriptor: Descriptor, name: string) => ({
    ...descriptor,
    annotations: { 'org.opencontainers.image.ref.name': name },
  })
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [named(one, 'one'), named(multi, 'multi')] }),
  )
  return { one: one.digest, multi: multi.digest }
}

/** A tar archive of one file. */
function tarOf(name: string, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(512)
  const field = (at: number, text: string) => header.write(text, at, 'latin1')
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  field(0, name)
  field(100, octal(0o644, 8))
  field(108, octal(0, 8))
  field(116, octal(0, 8))
  field(124, octal(content.length, 12))
  field(136, octal(0, 12))
  field(148, ' '.repeat(8))
  field(156, '0')
  field(257, 'ustar\x0000')
  field(
    148,
    `${octal(
      header.reduce((sum: number, byte: number) => sum + byte, 0),
      7,
    )} `,
  )
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512), Buffer.alloc(1024)])
}
