import { z } from '@hono/zod-openapi'

/** A response of this status that has a body. */
export const answer = <S extends number, T extends z.ZodType>(status: S, schema: T, description: string) =>
  ({ [status]: { description, content: { 'application/json': { schema } } } }) as Record<
    S,
    { description: string; content: { 'application/json': { schema: T } } }
  >

/** What a change answers that has nothing to tell: clients decode the body of everything but a 204. */
export const done = <S extends number>(status: S) => answer(status, z.object({}), 'Done')

export const gone = { 204: { description: 'Deleted' } } as const

export const jsonBody = <T extends z.ZodType>(schema: T) =>
  ({ required: true, content: { 'application/json': { schema } } }) as const

const slashes = 'Slashes in the name are written `$`'
export const namespaceParams = z.object({ namespace: z.string() })
export const repositoryParams = z.object({
  namespace: z.string(),
  repository: z.string().openapi({ description: slashes }),
})
/** The same, and one more name. */
export const repositoryParamsWith = <K extends string>(name: K) =>
  repositoryParams.extend({ [name]: z.string() } as Record<K, z.ZodString>)

export const inNamespace = '/namespaces/{namespace}'
export const inRepository = `${inNamespace}/repos/{repository}` as const
