import { RegistryError } from '../../../errors.ts'
import { type Upload, uploadOf } from '../../../store/uploads.ts'
import { type Lookup, onRepository } from '../access.ts'

const isUploadId = /^[0-9a-f-]{36}$/

/** The endpoint acts on an upload of its path: one of the caller's own, in this repository. */
export const onUpload = onRepository('push', {
  along: ({ store, repositoryId, accountId, param }: Lookup) => {
    const id = param('id')
    return [uploadOf(store, repositoryId, isUploadId.test(id) ? id : '', accountId)] as const
  },
})

/** @throws `upload_unknown`, also for an upload that is somebody else's */
export function uploadIn([[found]]: readonly [readonly Upload[]]): Upload {
  if (!found) throw new RegistryError('upload_unknown', 'blob upload unknown to registry')
  return found
}
