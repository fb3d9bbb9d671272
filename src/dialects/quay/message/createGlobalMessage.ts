import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { addMessage } from '../../../store/messages.ts'
import { onSuperuser } from '../access.ts'
import { refuseByMessage } from './refuseByMessage.ts'

const route = createRoute({
  operationId: 'createGlobalMessage',
  summary: 'Say something to everybody',
  method: 'post',
  path: '/messages',
  ...onSuperuser('write', { refused: refuseByMessage }),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              message: z
                .object({
                  content: z.string(),
                  media_type: z.enum(['text/plain', 'text/markdown']),
                  severity: z.enum(['info', 'warning', 'error']),
                })
                .optional(),
            })
            .openapi('CreateMessage'),
        },
      },
    },
  },
  responses: { 201: { description: 'Said' } },
})

export const createGlobalMessage = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    const { message } = c.req.valid('json')
    if (!message) throw new RegistryError('invalid', "'message' is a required property")
    const { content, severity, media_type: mediaType } = message
    await c.env.store.batch([addMessage(c.env.store, { content, severity, mediaType })])
    // Quay's framework says that even nothing is text.
    return c.body('', 201, { 'Content-Type': 'text/html; charset=utf-8' })
  },
})
