import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { type Settings, secretSettings, settingsSchema } from '../../../settings.ts'
import { onSuperuser } from '../access.ts'

const route = createRoute({
  operationId: 'getConfig',
  summary: 'The settings, without their secrets',
  hide: true,
  method: 'get',
  path: '/superuser/config',
  ...onSuperuser('read'),
  responses: {
    200: {
      description: 'The settings',
      content: {
        'application/json': {
          schema: z.object({
            config: z.record(z.string(), z.unknown()),
            warning: z.record(z.string(), z.unknown()),
            env: z.record(z.string(), z.unknown()),
            schema: z.record(z.string(), z.unknown()),
          }),
        },
      },
    },
  },
})

export const getConfig = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    const { settings } = c.env
    if (!settings.FEATURE_SUPERUSER_CONFIGDUMP) throw new RegistryError('denied', 'FEATURE_SUPERUSER_CONFIGDUMP is off')
    return c.json({ config: masked(settings), warning: {}, env: {}, schema: settingsSchema() }, 200)
  },
})

/** Of a secret, only its length is told. */
const masked = (settings: Settings): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      secretSettings.includes(name) && typeof value === 'string' ? '*'.repeat(value.length) : value,
    ]),
  )
