import { AwsV4Signer } from 'aws4fetch'
import type { Settings } from '../settings.ts'

/** Makes an address from which whoever has it reads one object, for a while. */
export type Presign = (key: string, now: Date, seconds: number) => Promise<string>

/** Signs with the bucket's S3 credentials, in version 4 of Amazon's way; undefined where there are none. */
export function presigner({
  S3_ENDPOINT,
  S3_BUCKET,
  S3_REGION,
  S3_ACCESS_KEY_ID,
  S3_SECRET_ACCESS_KEY,
}: Settings): Presign | undefined {
  if (!S3_ENDPOINT) return undefined
  const dailyKeys = new Map<string, ArrayBuffer>()
  return async (key, now, seconds) => {
    const address = new URL(`${S3_ENDPOINT.replace(/\/+$/, '')}/${S3_BUCKET}/${key}`)
    address.searchParams.set('X-Amz-Expires', String(seconds))
    const signer = new AwsV4Signer({
      url: address.href,
      accessKeyId: S3_ACCESS_KEY_ID,
      secretAccessKey: S3_SECRET_ACCESS_KEY,
      service: 's3',
      region: S3_REGION,
      datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
      signQuery: true,
      cache: dailyKeys,
    })
    return (await signer.sign()).url.href
  }
}
