import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import {
  updateRetention as change,
  createRetention as create,
  deleteRetention as remove,
} from '../../../domain/retention/changeRetention.ts'
import { RegistryError } from '../../../errors.ts'
import { type RetentionRow, retentionOf } from '../../../store/retentions.ts'
import { type Lookup, onRepository } from '../access.ts'
import { SwrError } from '../errors.ts'
import { answer, done, inRepository, jsonBody, repositoryParams, repositoryParamsWith } from '../wire.ts'
import { RetentionPolicy, RetentionView, retentionView } from './retentionView.ts'

const all = `${inRepository}/retentions` as const
const one = `${all}/{retention_id}` as const

function readRetention({ store, repositoryId }: Lookup) {
  return [retentionOf(store, repositoryId)] as const
}

/** The policy of this id, in this repository. Terraform knows this 400 as "it is gone". */
function identified([row]: readonly RetentionRow[], id: string): RetentionRow {
  if (!row || String(row.id) !== id) throw new SwrError('4000306', `there is no retention rule ${id}`)
  return row
}

const newRoute = createRoute({
  operationId: 'createRetention',
  summary: 'Give a repository its retention policy',
  method: 'post',
  path: all,
  ...onRepository('admin', { along: readRetention }),
  request: { params: repositoryParams, body: jsonBody(RetentionPolicy) },
  responses: answer(201, z.object({ id: z.int() }), 'Created'),
})

export const createRetention = defineOpenAPIRoute({
  route: newRoute,
  handler: async (c) => {
    const policy = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    if (along[0].length > 0) throw new RegistryError('rule', 'the image has a retention policy already')
    const target = { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }
    return c.json({ id: await create(c.env.store, target, policy) }, 201)
  },
})

const listRoute = createRoute({
  operationId: 'listRetentions',
  summary: "List a repository's retention policies: one or none",
  method: 'get',
  path: all,
  ...onRepository('read', { along: readRetention }),
  request: { params: repositoryParams },
  responses: answer(200, z.array(RetentionView), 'The policies'),
})

export const listRetentions = defineOpenAPIRoute({
  route: listRoute,
  handler: (c) => c.json(c.var.granted().along[0].map(retentionView), 200),
})

const showRoute = createRoute({
  operationId: 'showRetention',
  summary: 'Show a retention policy',
  method: 'get',
  path: one,
  ...onRepository('read', { along: readRetention }),
  request: { params: repositoryParamsWith('retention_id') },
  responses: answer(200, RetentionView, 'The policy'),
})

export const showRetention = defineOpenAPIRoute({
  route: showRoute,
  handler: (c) => {
    const { along } = c.var.granted()
    return c.json(retentionView(identified(along[0], c.req.valid('param').retention_id)), 200)
  },
})

const changeRoute = createRoute({
  operationId: 'updateRetention',
  summary: 'Change a retention policy; its rules keep their templates',
  method: 'patch',
  path: one,
  ...onRepository('admin', { along: readRetention }),
  request: { params: repositoryParamsWith('retention_id'), body: jsonBody(RetentionPolicy) },
  responses: done(201),
})

export const updateRetention = defineOpenAPIRoute({
  route: changeRoute,
  handler: async (c) => {
    const policy = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    const row = identified(along[0], c.req.valid('param').retention_id)
    const templates = (rules: readonly Record<string, unknown>[]) => rules.map(({ template }) => template).join()
    if (templates(row.rules) !== templates(policy.rules)) {
      throw new RegistryError('rule', 'the templates of the rules must stay as they are')
    }
    const target = { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }
    await change(c.env.store, target, row.id, policy)
    return c.json({}, 201)
  },
})

const deleteRoute = createRoute({
  operationId: 'deleteRetention',
  summary: 'Delete a retention policy',
  method: 'delete',
  path: one,
  ...onRepository('admin', { along: readRetention }),
  request: { params: repositoryParamsWith('retention_id') },
  responses: done(200),
})

export const deleteRetention = defineOpenAPIRoute({
  route: deleteRoute,
  handler: async (c) => {
    const { actor, namespace, repository, along } = c.var.granted()
    const row = identified(along[0], c.req.valid('param').retention_id)
    await remove(c.env.store, { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }, row.id)
    return c.json({}, 200)
  },
})
