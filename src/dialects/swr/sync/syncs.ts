import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteSync, queueSync, saveSync } from '../../../domain/sync/changeSync.ts'
import { RegistryError } from '../../../errors.ts'
import type { Settings } from '../../../settings.ts'
import { liveAmong, syncJobCount, syncJobPage, syncsOf } from '../../../store/imageSyncs.ts'
import { type Lookup, onRepository } from '../access.ts'
import { SwrError } from '../errors.ts'
import { contentRange, listParameters, windowOf } from '../filter.ts'
import { queryText } from '../validation.ts'
import { answer, done, inRepository, jsonBody, repositoryParams } from '../wire.ts'
import { SyncJobView, SyncView, syncJobView, syncView } from './syncView.ts'

const path = `${inRepository}/sync_repo` as const

const remote = { remoteRegionId: z.string().min(1), remoteNamespace: z.string().min(1).max(255) }
const NewSync = z
  .object({ ...remote, syncAuto: z.boolean().default(false), override: z.boolean().default(false) })
  .openapi('SwrNewImageSync')
const ManualSync = z
  .object({ ...remote, imageTag: z.array(z.string()).min(1).max(100), override: z.boolean().default(false) })
  .openapi('SwrManualSync')

function requireRegion({ SWR_REGION }: Settings, region: string) {
  if (region !== SWR_REGION) throw new RegistryError('invalid', `remoteRegionId: there is no region ${region}`)
}

const newRoute = createRoute({
  operationId: 'createImageSyncRepo',
  summary: 'Have a repository copied to another place',
  method: 'post',
  path,
  ...onRepository('write'),
  request: { params: repositoryParams, body: jsonBody(NewSync) },
  responses: done(200),
})

export const createImageSyncRepo = defineOpenAPIRoute({
  route: newRoute,
  handler: async (c) => {
    const { remoteRegionId: region, remoteNamespace, syncAuto: isAutomatic, override: overrides } = c.req.valid('json')
    requireRegion(c.env.settings, region)
    const { actor, namespace, repository } = c.var.granted()
    const target = { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }
    await saveSync(c.env.store, target, { region, namespace: remoteNamespace, isAutomatic, overrides })
    return c.json({}, 200)
  },
})

const listRoute = createRoute({
  operationId: 'listImageAutoSyncReposDetails',
  summary: 'List where a repository is copied',
  method: 'get',
  path,
  ...onRepository('read', { along: ({ store, repositoryId }) => [syncsOf(store, repositoryId)] as const }),
  request: { params: repositoryParams },
  responses: answer(200, z.array(SyncView), 'The places'),
})

export const listImageAutoSyncReposDetails = defineOpenAPIRoute({
  route: listRoute,
  handler: (c) => {
    const { namespace, repository, along } = c.var.granted()
    const source = { settings: c.env.settings, namespace: namespace.username, repository: repository.name }
    return c.json(
      along[0].map((row) => syncView(row, source)),
      200,
    )
  },
})

const deleteRoute = createRoute({
  operationId: 'deleteImageSyncRepo',
  summary: 'Have a repository copied to a place no longer',
  method: 'delete',
  path,
  ...onRepository('write', { along: ({ store, repositoryId }) => [syncsOf(store, repositoryId)] as const }),
  request: { params: repositoryParams, body: jsonBody(z.object(remote).openapi('SwrRemote')) },
  responses: done(200),
})

export const deleteImageSyncRepo = defineOpenAPIRoute({
  route: deleteRoute,
  handler: async (c) => {
    const { remoteRegionId: region, remoteNamespace } = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    const row = along[0].find((sync) => sync.remoteRegion === region && sync.remoteNamespace === remoteNamespace)
    if (!row) throw new SwrError('4001158')
    await deleteSync(c.env.store, { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }, row)
    return c.json({}, 200)
  },
})

const manualRoute = createRoute({
  operationId: 'createManualImageSyncRepo',
  summary: 'Have tags copied to another place once',
  method: 'post',
  path: `${inRepository}/sync_images`,
  ...onRepository('write', { along: readTags }),
  request: { params: repositoryParams, body: jsonBody(ManualSync) },
  responses: answer(200, z.array(z.string()), 'The tags that are to be copied'),
})

async function readTags({ store, repositoryId, body, now }: Lookup) {
  const { imageTag = [] } = ManualSync.partial().safeParse(await body()).data ?? {}
  return [liveAmong(store, repositoryId, imageTag, now)] as const
}

export const createManualImageSyncRepo = defineOpenAPIRoute({
  route: manualRoute,
  handler: async (c) => {
    const { remoteRegionId: region, remoteNamespace, imageTag, override: overrides } = c.req.valid('json')
    requireRegion(c.env.settings, region)
    const { actor, namespace, repository, along } = c.var.granted()
    const tags = [...new Set(imageTag)]
    const live = new Set(along[0].map(({ name }) => name))
    const missing = tags.find((tag) => !live.has(tag))
    if (missing !== undefined) throw new RegistryError('tag_unknown', `tag ${missing} does not exist`)
    const target = { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }
    await queueSync(c.env.store, target, { region, namespace: remoteNamespace, tags, overrides })
    return c.json(tags, 200)
  },
})

const jobsRoute = createRoute({
  operationId: 'showSyncJob',
  summary: "List a repository's copies to other places",
  method: 'get',
  path: `${inRepository}/sync_job`,
  ...onRepository('read', { along: readJobs }),
  request: {
    params: repositoryParams,
    query: z.object({
      filter: queryText('`limit::{limit}|offset::{offset}|order::desc`; limit and offset must be there'),
    }),
  },
  responses: answer(200, z.array(SyncJobView), 'A page of jobs; `Content-Range` says which'),
})

export const showSyncJob = defineOpenAPIRoute({
  route: jobsRoute,
  handler: (c) => {
    const { settings } = c.env
    const { namespace, repository, along } = c.var.granted()
    const [rows, [counted]] = along
    const { window } = askedFor((name) => c.req.queries(name)?.[0], settings.SWR_LIST_MAX)
    const source = { settings, namespace: namespace.username, repository: repository.name }
    const view = rows.map((row) => syncJobView(row, source))
    return c.json(view, 200, contentRange(window, rows.length, counted?.count ?? 0))
  },
})

function readJobs({ store, repositoryId, query, settings }: Lookup) {
  const { window, descending } = askedFor(query, settings.SWR_LIST_MAX)
  return [syncJobPage(store, repositoryId, { ...window, descending }), syncJobCount(store, repositoryId)] as const
}

function askedFor(query: (name: string) => string | undefined, limitMax: number) {
  const given = query('filter') ? listParameters(['offset', 'limit', 'order'], query) : {}
  if (given.offset === undefined || given.limit === undefined) {
    throw new SwrError('4001014', 'filter: expected limit::{limit}|offset::{offset}')
  }
  if (given.order !== undefined && given.order !== 'asc' && given.order !== 'desc') {
    throw new SwrError('4001096', `order: expected asc or desc, got ${given.order}`)
  }
  return { window: windowOf(given, limitMax), descending: given.order !== 'asc' }
}
