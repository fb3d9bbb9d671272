import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { messages } from '../../../store/messages.ts'
import { openToAll } from '../access.ts'

const route = createRoute({
  operationId: 'getGlobalMessages',
  summary: 'What the superusers want everybody to read',
  method: 'get',
  path: '/messages',
  ...openToAll({ along: ({ store }) => [messages(store)] as const }),
  responses: {
    200: {
      description: 'The messages, oldest first',
      content: {
        'application/json': {
          schema: z
            .object({
              messages: z.array(
                z.object({ uuid: z.string(), content: z.string(), severity: z.string(), media_type: z.string() }),
              ),
            })
            .openapi('GlobalMessages'),
        },
      },
    },
  },
})

export const getGlobalMessages = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [rows] = c.var.along
    const view = rows.map(({ uuid, content, severity, mediaType }) => ({
      uuid,
      content,
      severity,
      media_type: mediaType,
    }))
    return c.json({ messages: view }, 200)
  },
})
