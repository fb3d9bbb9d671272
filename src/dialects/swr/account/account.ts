import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { reachedFigures } from '../../../store/accountFigures.ts'
import { namespacesOf, organizationsCreated } from '../../../store/namespaceSummaries.ts'
import { onAccount } from '../access.ts'
import { SwrError } from '../errors.ts'
import { domainId } from '../hosts.ts'
import { answer, done } from '../wire.ts'

const quotasRoute = createRoute({
  operationId: 'listQuotas',
  summary: 'Show how many organizations the caller may create, and has created',
  method: 'get',
  path: '/projects/{project_id}/quotas',
  ...onAccount({
    scope: 'repo:read',
    along: ({ store, accountId }) => [organizationsCreated(store, accountId)] as const,
  }),
  request: { params: z.object({ project_id: z.string() }) },
  responses: answer(
    200,
    z.object({
      quotas: z.array(z.object({ quota_key: z.string(), quota_limit: z.int(), used: z.int(), unit: z.string() })),
    }),
    'The quotas',
  ),
})

export const listQuotas = defineOpenAPIRoute({
  route: quotasRoute,
  handler: (c) => {
    const used = c.var.granted().along[0][0]?.count ?? 0
    const quota = { quota_key: 'namespace', quota_limit: c.env.settings.SWR_NAMESPACE_QUOTA, used, unit: '' }
    return c.json({ quotas: [quota] }, 200)
  },
})

/** None of these is here. */
const features = {
  enable_experience: false,
  enable_hss_service: false,
  enable_image_scan: false,
  enable_sm3: false,
  enable_image_sync: false,
  enable_cci_service: false,
  enable_image_label: false,
  enable_pipeline: false,
}

const gatesRoute = createRoute({
  operationId: 'showShareFeatureGates',
  summary: 'Show which optional features are on',
  method: 'get',
  path: '/projects/{project_id}/feature-gates',
  ...onAccount({ scope: 'repo:read' }),
  request: { params: z.object({ project_id: z.string() }) },
  responses: answer(200, z.record(z.string(), z.boolean()), 'The features'),
})

export const showShareFeatureGates = defineOpenAPIRoute({
  route: gatesRoute,
  handler: (c) => {
    c.var.granted()
    return c.json(features, 200)
  },
})

/** In MiB, with two decimals. */
const mebibytes = (bytes: number) => Math.round((bytes / 1024 / 1024) * 100) / 100

const overviewRoute = createRoute({
  operationId: 'showDomainOverview',
  summary: 'Show what the caller reaches, in figures',
  method: 'get',
  path: '/overview',
  ...onAccount({
    scope: 'repo:read',
    along: ({ store, accountId, now }) =>
      [namespacesOf(store, accountId, { visible: false }), reachedFigures(store, accountId, now)] as const,
  }),
  responses: answer(
    200,
    z
      .object({
        domain_id: z.string(),
        domain_name: z.string(),
        namspace_num: z.int().openapi({ description: 'Spelled so' }),
        repo_num: z.int(),
        image_num: z.int(),
        store_space: z.number().openapi({ description: 'MiB' }),
        downflow_size: z.number().openapi({ description: 'MiB' }),
      })
      .openapi('SwrOverview'),
    'The figures',
  ),
})

export const showDomainOverview = defineOpenAPIRoute({
  route: overviewRoute,
  handler: (c) => {
    const { settings } = c.env
    const [namespaces, [figures]] = c.var.granted().along
    const view = {
      domain_id: domainId(settings),
      domain_name: settings.SWR_DOMAIN_NAME,
      namspace_num: namespaces.length,
      repo_num: figures?.repositories ?? 0,
      image_num: figures?.tags ?? 0,
      store_space: mebibytes(figures?.bytes ?? 0),
      downflow_size: 0,
    }
    return c.json(view, 200)
  },
})

const daysReported = 30
const dayMilliseconds = 86_400_000

const reportsRoute = createRoute({
  operationId: 'showDomainResourceReports',
  summary: 'Show a figure for each of the last thirty days',
  method: 'get',
  path: '/reports/{resource_type}/{frequency}',
  ...onAccount({
    scope: 'repo:read',
    along: ({ store, accountId, param, now }) => {
      if (!['downflow', 'store'].includes(param('resource_type'))) {
        throw new SwrError('4000014', 'resource_type: expected downflow or store')
      }
      if (param('frequency') !== 'daily') throw new SwrError('4000014', 'frequency: expected daily')
      return [reachedFigures(store, accountId, now)] as const
    },
  }),
  request: { params: z.object({ resource_type: z.string(), frequency: z.string() }) },
  responses: answer(200, z.array(z.object({ date: z.string(), value: z.number() })), 'The figures, oldest first'),
})

export const showDomainResourceReports = defineOpenAPIRoute({
  route: reportsRoute,
  handler: (c) => {
    const [[figures]] = c.var.granted().along
    const isStore = c.req.valid('param').resource_type === 'store'
    const today = c.env.now().getTime()
    // Nothing is kept of past days: only today's space is known.
    const report = Array.from({ length: daysReported }, (_, i) => {
      const ago = daysReported - 1 - i
      const date = new Date(today - ago * dayMilliseconds).toISOString().slice(0, 10)
      return { date, value: isStore && ago === 0 ? mebibytes(figures?.bytes ?? 0) : 0 }
    })
    return c.json(report, 200)
  },
})

const regionsRoute = createRoute({
  operationId: 'listRegions',
  summary: 'List the regions: this one',
  method: 'get',
  path: '/regions',
  ...onAccount({ scope: 'repo:read' }),
  responses: answer(200, z.array(z.object({ regionID: z.string() })), 'The regions'),
})

export const listRegions = defineOpenAPIRoute({
  route: regionsRoute,
  handler: (c) => {
    c.var.granted()
    return c.json([{ regionID: c.env.settings.SWR_REGION }], 200)
  },
})

const agencyRoute = createRoute({
  operationId: 'showAgency',
  summary: 'Show whether the registry acts for the account elsewhere: it never does',
  method: 'get',
  path: '/agency',
  ...onAccount({ scope: 'repo:read' }),
  responses: answer(200, z.object({ domain_id: z.string(), is_agency: z.boolean() }), 'The answer'),
})

export const showAgency = defineOpenAPIRoute({
  route: agencyRoute,
  handler: (c) => {
    c.var.granted()
    return c.json({ domain_id: domainId(c.env.settings), is_agency: false }, 200)
  },
})

const newAgencyRoute = createRoute({
  operationId: 'createAgency',
  summary: 'Let the registry act for the account elsewhere: accepted, and without effect',
  method: 'post',
  path: '/agency',
  ...onAccount({ scope: 'org:admin' }),
  responses: done(201),
})

export const createAgency = defineOpenAPIRoute({
  route: newAgencyRoute,
  handler: (c) => {
    c.var.granted()
    return c.json({}, 201)
  },
})
