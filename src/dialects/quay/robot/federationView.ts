import { z } from '@hono/zod-openapi'

export const FederationView = z.array(z.object({ issuer: z.string(), subject: z.string() })).openapi('RobotFederation')
