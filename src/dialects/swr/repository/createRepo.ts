import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createRepository } from '../../../domain/repository/createRepository.ts'
import { defaultGrantsFor } from '../../../store/grants.ts'
import { repositoryNamed } from '../../../store/repositories.ts'
import { type NamespaceLookup, onNamespace, repositoryName } from '../access.ts'
import { SwrError } from '../errors.ts'
import { withCode } from '../validation.ts'
import { done, inNamespace, jsonBody, namespaceParams } from '../wire.ts'
import { Category } from './category.ts'
import { Description } from './description.ts'

/** Separators of different kinds do not touch, and there are two underscores in a row at most. */
const namePattern = /^(?=.{1,128}$)[a-z0-9]+(?:(?:\.|\/|_{1,2}|-+)[a-z0-9]+)*$/

const NewRepository = z
  .object({
    repository: z
      .string()
      .transform(repositoryName)
      .refine((name) => namePattern.test(name), withCode('4001029', 'not a valid image name')),
    is_public: z.boolean(),
    category: Category.optional(),
    description: Description.optional(),
  })
  .openapi('SwrNewRepository')

const route = createRoute({
  operationId: 'createSwrRepo',
  summary: 'Create a repository',
  method: 'post',
  path: `${inNamespace}/repos`,
  ...onNamespace('creator', { scope: 'repo:create', along: readName }),
  request: { params: namespaceParams, body: jsonBody(NewRepository) },
  responses: done(200),
})

export const createRepo = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { repository: name, is_public: isPublic, category, description = '' } = c.req.valid('json')
    const { actor, namespace, along } = c.var.granted()
    const [[taken], defaults] = along
    if (taken) throw new SwrError('4090006', `image ${name} already exists`)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    const wanted = { namespace, name, isPublic, description, settings, ...(category && { swrCategory: category }) }
    await createRepository(store, { ...wanted, ...origin }, defaults)
    return c.json({}, 200)
  },
})

async function readName({ store, accountId, namespaceId, body }: NamespaceLookup) {
  const { repository = '' } = NewRepository.partial().safeParse(await body()).data ?? {}
  return [repositoryNamed(store, namespaceId, repository), defaultGrantsFor(store, namespaceId, accountId)] as const
}
