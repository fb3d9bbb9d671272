import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { accountsBySwrId } from '../../../store/memberships.ts'
import { onAccount } from '../access.ts'
import { domainId } from '../hosts.ts'
import { queryText } from '../validation.ts'
import { answer } from '../wire.ts'
import { projectId } from './project.ts'

const Project = z.object({
  id: z.string(),
  name: z.string(),
  domain_id: z.string(),
  enabled: z.boolean(),
  is_domain: z.boolean(),
  parent_id: z.string(),
  description: z.string(),
})

const projectsRoute = createRoute({
  operationId: 'listIamProjects',
  summary: 'Find the project of a region',
  method: 'get',
  path: '/projects',
  ...onAccount({ scope: 'repo:read' }),
  request: { query: z.object({ name: queryText('The region') }) },
  responses: answer(200, z.object({ projects: z.array(Project) }), 'One project, or none for another region'),
})

export const listIamProjects = defineOpenAPIRoute({
  route: projectsRoute,
  handler: (c) => {
    c.var.granted()
    const { settings } = c.env
    const name = c.req.queries('name')?.[0]
    const own = {
      id: projectId(settings),
      name: settings.SWR_REGION,
      domain_id: domainId(settings),
      enabled: true,
      is_domain: false,
      parent_id: domainId(settings),
      description: '',
    }
    return c.json({ projects: name === undefined || name === own.name ? [own] : [] }, 200)
  },
})

const domainsRoute = createRoute({
  operationId: 'listIamDomains',
  summary: 'Show the domain that the deployment is',
  method: 'get',
  path: '/auth/domains',
  ...onAccount({ scope: 'repo:read' }),
  responses: answer(
    200,
    z.object({ domains: z.array(z.object({ id: z.string(), name: z.string(), enabled: z.boolean() })) }),
    'The domain',
  ),
})

export const listIamDomains = defineOpenAPIRoute({
  route: domainsRoute,
  handler: (c) => {
    c.var.granted()
    const { settings } = c.env
    return c.json({ domains: [{ id: domainId(settings), name: settings.SWR_DOMAIN_NAME, enabled: true }] }, 200)
  },
})

const userRoute = createRoute({
  operationId: 'showIamUser',
  summary: 'Find the name of a user',
  method: 'get',
  path: '/users/{user_id}',
  ...onAccount({
    scope: 'repo:read',
    along: ({ store, param }) => [accountsBySwrId(store, [param('user_id')])] as const,
  }),
  request: { params: z.object({ user_id: z.string() }) },
  responses: answer(
    200,
    z.object({
      user: z.object({ id: z.string(), name: z.string(), domain_id: z.string(), enabled: z.boolean() }),
    }),
    'The user',
  ),
})

export const showIamUser = defineOpenAPIRoute({
  route: userRoute,
  handler: (c) => {
    const [[user]] = c.var.granted().along
    if (!user) throw new RegistryError('not_found', 'the user does not exist')
    const { swrId: id, username: name, enabled } = user
    return c.json({ user: { id, name, domain_id: domainId(c.env.settings), enabled } }, 200)
  },
})
