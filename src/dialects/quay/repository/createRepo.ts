import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createRepository } from '../../../domain/repository/createRepository.ts'
import { RegistryError } from '../../../errors.ts'
import { defaultGrantsFor } from '../../../store/grants.ts'
import { repositoryNamed } from '../../../store/repositories.ts'
import { type NamespaceLookup, onNamespace } from '../access.ts'

const NewRepo = z
  .object({
    repository: z.string(),
    visibility: z.enum(['public', 'private']),
    description: z.string(),
    namespace: z.string().optional().openapi({ description: "The caller's own where it is left out" }),
    repo_kind: z.literal(['image', null]).optional(),
  })
  .openapi('NewRepo')

const route = createRoute({
  operationId: 'createRepo',
  summary: 'Create a repository',
  method: 'post',
  path: '/repository',
  ...onNamespace('creator', {
    kind: 'any',
    scope: 'repo:create',
    named: async (c) => text(await c.req.json().catch(() => undefined), 'namespace'),
    along: readName,
  }),
  request: { body: { required: true, content: { 'application/json': { schema: NewRepo } } } },
  responses: {
    201: {
      description: 'Created',
      content: {
        'application/json': {
          schema: z
            .object({ namespace: z.string(), name: z.string(), kind: z.literal('image') })
            .openapi('CreatedRepo'),
        },
      },
    },
  },
})

export const createRepo = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { repository: name, visibility, description } = c.req.valid('json')
    if (!c.var.actor) throw new RegistryError('invalid', 'Must provide a namespace or must be logged in.')
    const { namespace, actor } = c.var.granted()
    const [taken, defaults] = c.var.along
    if (taken.length > 0) throw new RegistryError('repository_exists', 'Repository already exists')
    const isPublic = visibility === 'public'
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await createRepository(store, { namespace, name, isPublic, description, settings, ...origin }, defaults)
    return c.json({ namespace: namespace.username, name, kind: 'image' as const }, 201)
  },
})

async function readName({ store, namespaceId, accountId, body }: NamespaceLookup) {
  const name = text(await body(), 'repository') ?? ''
  return [repositoryNamed(store, namespaceId, name), defaultGrantsFor(store, namespaceId, accountId)] as const
}

/** A text out of a body that has not been checked. */
function text(body: unknown, key: string): string | undefined {
  const value = (body as Record<string, unknown> | null | undefined)?.[key]
  return typeof value === 'string' ? value : undefined
}
