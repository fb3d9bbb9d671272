import { z } from '@hono/zod-openapi'
import type { ManifestLabel } from '../../../store/labels.ts'

export const LabelView = z
  .object({
    id: z.string(),
    key: z.string(),
    value: z.string(),
    source_type: z.enum(['manifest', 'api', 'internal']),
    media_type: z.enum(['text/plain', 'application/json']),
  })
  .openapi('Label')

/** A manifest's label, in Quay's words. */
export const labelView = (
  label: Pick<ManifestLabel, 'uuid' | 'key' | 'value' | 'sourceType' | 'mediaType'>,
): z.infer<typeof LabelView> => ({
  id: label.uuid,
  key: label.key,
  value: label.value,
  source_type: label.sourceType,
  media_type: label.mediaType,
})
