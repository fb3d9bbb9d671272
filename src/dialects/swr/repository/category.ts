import { z } from '@hono/zod-openapi'

/** Both spellings of the last one are in use. */
export const categories = [
  'app_server',
  'linux',
  'framework_app',
  'database',
  'lang',
  'other',
  'windows',
  'arm',
  'arms',
] as const

export const Category = z.enum(categories)
