import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { removeLabel } from '../../../domain/manifest/labels.ts'
import { RegistryError } from '../../../errors.ts'
import { onRepository } from '../access.ts'
import { readLabel } from './getManifestLabel.ts'
import { live } from './onManifest.ts'

const route = createRoute({
  operationId: 'deleteManifestLabel',
  summary: 'Take a label off a manifest',
  method: 'delete',
  path: '/repository/{repository}/manifest/{manifestref}/labels/{labelid}',
  ...onRepository('write', { mustBeWritable: true, along: readLabel }),
  request: { params: z.object({ repository: z.string(), manifestref: z.string(), labelid: z.string() }) },
  responses: { 204: { description: 'Taken off' } },
})

export const deleteManifestLabel = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip } = c.var
    const [found, [label]] = c.var.along
    const manifest = live(found)
    if (!label) throw new RegistryError('not_found', 'the manifest has no label of this id')
    await removeLabel(c.env.store, { namespace, repository, actor, ip, now: c.env.now() }, manifest, label)
    return c.body(null, 204)
  },
})
