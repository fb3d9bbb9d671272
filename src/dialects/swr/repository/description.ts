import { z } from '@hono/zod-openapi'
import { withCode } from '../validation.ts'

const charactersMax = 30_000

export const Description = z
  .string()
  .refine((text) => text.length <= charactersMax, withCode('4131012', `at most ${charactersMax} characters`))
