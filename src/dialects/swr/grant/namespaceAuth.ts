import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import {
  changeNamespaceLevels,
  keepsManager,
  type LevelChange,
  levelReads,
  ranksOf,
} from '../../../domain/grant/changeNamespaceLevels.ts'
import { RegistryError } from '../../../errors.ts'
import type { Membership } from '../../../store/memberships.ts'
import { namespaceSeen } from '../../../store/namespaceSummaries.ts'
import { type NamespaceLookup, onNamespace } from '../access.ts'
import { SwrError } from '../errors.ts'
import { shownRank } from '../level.ts'
import { answer, done, gone, inNamespace, jsonBody, namespaceParams } from '../wire.ts'
import { accountsIn, identified, NamespaceAuthView, named, UserAuths, UserIds, userAuth } from './userAuth.ts'

const path = `${inNamespace}/access` as const

async function readLevels({ store, namespaceId, body }: NamespaceLookup) {
  return [accountsIn(store, await body()), ...levelReads(store, namespaceId)] as const
}
const onLevels = () => onNamespace('admin', { scope: 'org:admin', along: readLevels })

function requireManager(memberships: readonly Membership[], changes: readonly LevelChange[]) {
  if (!keepsManager(memberships, changes)) throw new SwrError('4001065')
}

function requireMembers(memberships: readonly Membership[], changes: readonly LevelChange[]) {
  const ranks = ranksOf(memberships)
  for (const { account } of changes) {
    if (!ranks.has(account.id)) throw new SwrError('4040078', `${account.username} has no permission here`)
  }
}

const createRouteDefinition = createRoute({
  operationId: 'createNamespaceAuth',
  summary: 'Give users levels on an organization',
  method: 'post',
  path,
  ...onLevels(),
  request: { params: namespaceParams, body: jsonBody(UserAuths) },
  responses: done(200),
})

export const createNamespaceAuth = defineOpenAPIRoute({
  route: createRouteDefinition,
  handler: async (c) => {
    const { actor, namespace, along } = c.var.granted()
    const [accounts, memberships, teams] = along
    requireOrganization(namespace.kind)
    const changes = named(c.req.valid('json'), accounts, actor)
    const ranks = ranksOf(memberships)
    for (const { account } of changes) {
      if (ranks.has(account.id)) throw new SwrError('4090076', `${account.username} has a permission here already`)
    }
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await changeNamespaceLevels(c.env.store, { organization: namespace, changes, ...origin }, [memberships, teams])
    return c.json({}, 200)
  },
})

const updateRouteDefinition = createRoute({
  operationId: 'updateNamespaceAuth',
  summary: "Change users' levels on an organization",
  method: 'patch',
  path,
  ...onLevels(),
  request: { params: namespaceParams, body: jsonBody(UserAuths) },
  responses: done(201),
})

export const updateNamespaceAuth = defineOpenAPIRoute({
  route: updateRouteDefinition,
  handler: async (c) => {
    const { actor, namespace, along } = c.var.granted()
    const [accounts, memberships, teams] = along
    requireOrganization(namespace.kind)
    const changes = named(c.req.valid('json'), accounts, actor)
    requireMembers(memberships, changes)
    requireManager(memberships, changes)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await changeNamespaceLevels(c.env.store, { organization: namespace, changes, ...origin }, [memberships, teams])
    return c.json({}, 201)
  },
})

const deleteRouteDefinition = createRoute({
  operationId: 'deleteNamespaceAuth',
  summary: 'Take users out of an organization',
  method: 'delete',
  path,
  ...onLevels(),
  request: { params: namespaceParams, body: jsonBody(UserIds) },
  responses: gone,
})

export const deleteNamespaceAuth = defineOpenAPIRoute({
  route: deleteRouteDefinition,
  handler: async (c) => {
    const { actor, namespace, along } = c.var.granted()
    const [accounts, memberships, teams] = along
    requireOrganization(namespace.kind)
    const changes = identified(c.req.valid('json'), accounts).map((account) => ({ account, rank: undefined }))
    requireMembers(memberships, changes)
    requireManager(memberships, changes)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await changeNamespaceLevels(c.env.store, { organization: namespace, changes, ...origin }, [memberships, teams])
    return c.body(null, 204)
  },
})

const showRouteDefinition = createRoute({
  operationId: 'showNamespaceAuth',
  summary: 'Show who has which level on an organization',
  method: 'get',
  path,
  ...onNamespace('member', {
    scope: 'org:admin',
    along: ({ store, accountId, namespaceId, param }) =>
      [namespaceSeen(store, accountId, param('namespace')), ...levelReads(store, namespaceId)] as const,
  }),
  request: { params: namespaceParams },
  responses: answer(200, NamespaceAuthView, 'The levels; others are shown to who manages the organization'),
})

export const showNamespaceAuth = defineOpenAPIRoute({
  route: showRouteDefinition,
  handler: (c) => {
    const { actor, namespace, authority, along } = c.var.granted()
    const [[seen], memberships] = along
    const people = new Map(memberships.map((row) => [row.accountId, row]))
    const others = [...ranksOf(memberships)].flatMap(([id, rank]) => {
      const person = people.get(id)
      return person && id !== actor.account.id ? [userAuth(person, rank)] : []
    })
    const view = {
      id: namespace.id,
      name: namespace.username,
      creator_name: seen?.creatorName ?? namespace.username,
      self_auth: userAuth(actor.account, shownRank(authority.namespaceRank, authority)),
      others_auths: authority.namespaceRank === 3 ? others : [],
    }
    return c.json(view, 200)
  },
})

function requireOrganization(kind: string) {
  if (kind !== 'organization') throw new RegistryError('rule', "a user's own namespace is shared with nobody")
}
