import { z } from '@hono/zod-openapi'
import type { ImmutabilityPolicy } from '../../../store/policies.ts'

export const PolicyView = z
  .object({ uuid: z.string(), tagPattern: z.string(), tagPatternMatches: z.boolean() })
  .openapi('ImmutabilityPolicy')
export const PolicyList = z.object({ policies: z.array(PolicyView) }).openapi('ImmutabilityPolicyList')
export const PolicyId = z.object({ uuid: z.string() }).openapi('ImmutabilityPolicyId')

export const PolicyBody = z
  .object({
    tagPattern: z.string().openapi({ description: 'What the whole name of a tag must match; 256 characters at most' }),
    tagPatternMatches: z.boolean().default(true).openapi({ description: 'False: what it must not match' }),
  })
  .openapi('ImmutabilityPolicyConfig')

/** An immutability policy, in Quay's words. */
export const policyView = ({ uuid, pattern, matches }: ImmutabilityPolicy): z.infer<typeof PolicyView> => ({
  uuid,
  tagPattern: pattern,
  tagPatternMatches: matches,
})

/** What a body asks for. */
export const ruleOf = ({ tagPattern, tagPatternMatches }: z.infer<typeof PolicyBody>) => ({
  pattern: tagPattern,
  matches: tagPatternMatches,
})
