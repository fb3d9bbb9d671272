import { Hono } from 'hono'
import { RegistryError } from '../../errors.ts'
import { onRegistry } from './access.ts'
import { getToken } from './auth/getToken.ts'
import { deleteBlob } from './blob/deleteBlob.ts'
import { getBlob } from './blob/getBlob.ts'
import type { OciEnv } from './env.ts'
import { renderError } from './errors.ts'
import { deleteManifest } from './manifest/deleteManifest.ts'
import { getManifest } from './manifest/getManifest.ts'
import { putManifest } from './manifest/putManifest.ts'
import { listReferrers } from './referrer/listReferrers.ts'
import { listCatalog } from './tag/listCatalog.ts'
import { listTags } from './tag/listTags.ts'
import { beginUpload } from './upload/beginUpload.ts'
import { deleteUpload } from './upload/deleteUpload.ts'
import { getUpload } from './upload/getUpload.ts'
import { patchUpload } from './upload/patchUpload.ts'
import { putUpload } from './upload/putUpload.ts'

/** The OCI distribution API. A repository's name is one segment here: `paths.ts` makes it so. */
export function ociDialect() {
  const app = new Hono<OciEnv>()
  app.onError(renderError as never)
  app.use(async (c, next) => {
    await next()
    c.header('Docker-Distribution-API-Version', 'registry/2.0')
  })
  app.get('/', onRegistry, (c) => c.json({}))
  app.get('/auth', getToken)

  app.post('/:name/blobs/uploads/', ...beginUpload)
  app.get('/:name/blobs/uploads/:id', ...getUpload)
  app.patch('/:name/blobs/uploads/:id', ...patchUpload)
  app.put('/:name/blobs/uploads/:id', ...putUpload)
  app.delete('/:name/blobs/uploads/:id', ...deleteUpload)
  app.get('/:name/blobs/:digest', ...getBlob)
  app.delete('/:name/blobs/:digest', ...deleteBlob)

  app.get('/:name/manifests/:reference', ...getManifest)
  app.put('/:name/manifests/:reference', ...putManifest)
  app.delete('/:name/manifests/:reference', ...deleteManifest)
  app.get('/:name/referrers/:digest', ...listReferrers)
  app.get('/:name/tags/list', ...listTags)
  app.get('/_catalog', ...listCatalog)

  const known = [
    '/',
    '/auth',
    '/_catalog',
    '/:name/blobs/*',
    '/:name/manifests/:reference',
    '/:name/referrers/:digest',
    '/:name/tags/list',
  ]
  app.on(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], known, () => {
    throw new RegistryError('unsupported', 'the method is not allowed here')
  })
  app.all('*', () => {
    throw new RegistryError('not_found', 'there is nothing here')
  })
  return app
}
