import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { addLabel, refuseReserved } from '../../../domain/manifest/labels.ts'
import { onRepository } from '../access.ts'
import { LabelView, labelView } from './labelView.ts'
import { live, readManifest } from './onManifest.ts'

const AddLabel = z
  .object({
    key: z.string(),
    value: z.string(),
    media_type: z
      .literal(['text/plain', 'application/json', null])
      .openapi({ description: 'Found out from the value where it is null' }),
  })
  .openapi('AddLabel')

const route = createRoute({
  operationId: 'addManifestLabel',
  summary: 'Put a label on a manifest',
  method: 'post',
  path: '/repository/{repository}/manifest/{manifestref}/labels',
  ...onRepository('write', {
    mustBeWritable: true,
    mayBeMissing: true,
    along: (lookup) => [readManifest(lookup)] as const,
  }),
  request: {
    params: z.object({ repository: z.string(), manifestref: z.string() }),
    body: { required: true, content: { 'application/json': { schema: AddLabel } } },
  },
  responses: {
    201: {
      description: 'Added',
      content: { 'application/json': { schema: z.object({ label: LabelView }).openapi('AddedLabel') } },
    },
  },
})

export const addManifestLabel = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip, along } = c.var
    const { key, value, media_type: mediaType } = c.req.valid('json')
    refuseReserved(key)
    const manifest = live(along[0])
    const change = { namespace, repository, actor, ip, now: c.env.now() }
    const label = labelView(await addLabel(c.env.store, change, manifest, { key, value, mediaType }))
    const path = `${namespace.username}/${repository.name}/manifest/${manifest.digest}/labels/${label.id}`
    c.header('Location', `/api/v1/repository/${path}`)
    return c.json({ label }, 201)
  },
})
