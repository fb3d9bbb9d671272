import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { openToAll } from '../access.ts'
import { messageError } from '../errors.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'linkExternalUser',
  summary: 'Take a user over from an outside directory; there is none here',
  method: 'post',
  path: '/entities/link/{username}',
  ...internal,
  ...openToAll(),
  request: { params: z.object({ username: z.string() }) },
  responses: {},
})

export const linkExternalUser = defineOpenAPIRoute({
  route,
  handler: () => {
    throw messageError(
      404,
      'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
    )
  },
})
