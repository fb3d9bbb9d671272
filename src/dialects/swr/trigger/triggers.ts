import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import {
  createTrigger as create,
  deleteTrigger as remove,
  switchTrigger,
} from '../../../domain/trigger/changeTrigger.ts'
import { RegistryError } from '../../../errors.ts'
import { type TriggerRow, triggerNamed, triggersOf } from '../../../store/triggers.ts'
import { type Lookup, onRepository } from '../access.ts'
import { answer, done, gone, inRepository, jsonBody, repositoryParams, repositoryParamsWith } from '../wire.ts'
import { NewTrigger, TriggerSwitch, TriggerView, triggerView } from './triggerView.ts'

const all = `${inRepository}/triggers` as const
const one = `${all}/{trigger}` as const

function readTrigger({ store, repositoryId, param }: Lookup) {
  return [triggerNamed(store, repositoryId, param('trigger'))] as const
}

function found([row]: readonly TriggerRow[], name: string): TriggerRow {
  if (!row) throw new RegistryError('not_found', `trigger ${name} does not exist`)
  return row
}

const newRoute = createRoute({
  operationId: 'createTrigger',
  summary: 'Have a cluster told of pushes',
  method: 'post',
  path: all,
  ...onRepository('write', { along: ({ store, repositoryId }) => [triggersOf(store, repositoryId)] as const }),
  request: { params: repositoryParams, body: jsonBody(NewTrigger) },
  responses: done(201),
})

export const createTrigger = defineOpenAPIRoute({
  route: newRoute,
  handler: async (c) => {
    const settings = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    const { name } = settings
    if (along[0].some((trigger) => trigger.name === name)) {
      throw new RegistryError('rule', `trigger ${name} exists already`)
    }
    const target = { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }
    await create(c.env.store, target, { name, settings })
    return c.json({}, 201)
  },
})

const listRoute = createRoute({
  operationId: 'listTriggersDetails',
  summary: "List a repository's triggers",
  method: 'get',
  path: all,
  ...onRepository('read', { along: ({ store, repositoryId }) => [triggersOf(store, repositoryId)] as const }),
  request: { params: repositoryParams },
  responses: answer(200, z.array(TriggerView), 'The triggers'),
})

export const listTriggersDetails = defineOpenAPIRoute({
  route: listRoute,
  handler: (c) => c.json(c.var.granted().along[0].map(triggerView), 200),
})

const showRoute = createRoute({
  operationId: 'showTrigger',
  summary: 'Show a trigger',
  method: 'get',
  path: one,
  ...onRepository('read', { along: readTrigger }),
  request: { params: repositoryParamsWith('trigger') },
  responses: answer(200, TriggerView, 'The trigger'),
})

export const showTrigger = defineOpenAPIRoute({
  route: showRoute,
  handler: (c) => {
    const { along } = c.var.granted()
    return c.json(triggerView(found(along[0], c.req.valid('param').trigger)), 200)
  },
})

const switchRoute = createRoute({
  operationId: 'updateTrigger',
  summary: 'Switch a trigger on or off',
  method: 'patch',
  path: one,
  ...onRepository('write', { along: readTrigger }),
  request: { params: repositoryParamsWith('trigger'), body: jsonBody(TriggerSwitch) },
  responses: done(201),
})

export const updateTrigger = defineOpenAPIRoute({
  route: switchRoute,
  handler: async (c) => {
    const { enable } = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    const trigger = found(along[0], c.req.valid('param').trigger)
    const target = { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }
    await switchTrigger(c.env.store, target, trigger, enable)
    return c.json({}, 201)
  },
})

const deleteRoute = createRoute({
  operationId: 'deleteTrigger',
  summary: 'Delete a trigger',
  method: 'delete',
  path: one,
  ...onRepository('write', { along: readTrigger }),
  request: { params: repositoryParamsWith('trigger') },
  responses: gone,
})

export const deleteTrigger = defineOpenAPIRoute({
  route: deleteRoute,
  handler: async (c) => {
    const { actor, namespace, repository, along } = c.var.granted()
    const trigger = found(along[0], c.req.valid('param').trigger)
    await remove(c.env.store, { actor, namespace, repository, ip: c.var.ip, now: c.env.now() }, trigger)
    return c.body(null, 204)
  },
})
