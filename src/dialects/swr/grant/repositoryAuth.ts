import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { changeUserGrants, type UserGrantChange } from '../../../domain/grant/changeUserGrants.ts'
import { RegistryError } from '../../../errors.ts'
import { type UserGrant, userGrants } from '../../../store/grants.ts'
import type { Namespace } from '../../../store/rights.ts'
import { type Lookup, onRepository } from '../access.ts'
import { SwrError } from '../errors.ts'
import { shownRank } from '../level.ts'
import { answer, done, gone, inRepository, jsonBody, repositoryParams } from '../wire.ts'
import { accountsIn, identified, named, RepositoryAuthView, UserAuths, UserIds, userAuth } from './userAuth.ts'

const path = `${inRepository}/access` as const

async function readGrants({ store, repositoryId, namespaceId, body }: Lookup) {
  return [accountsIn(store, await body()), userGrants(store, repositoryId, namespaceId)] as const
}
const onGrants = () => onRepository('admin', { along: readGrants, orNamespace: 'creator' })

/** The owner of a user's own namespace manages it without a grant. */
function requireOthers(namespace: Namespace, changes: readonly UserGrantChange[]) {
  if (changes.some(({ account }) => account.id === namespace.id)) {
    throw new RegistryError('rule', 'the owner of a namespace manages all of its images')
  }
}

function requireGranted(grants: readonly UserGrant[], changes: readonly UserGrantChange[]) {
  for (const { account } of changes) {
    if (!grants.some(({ id }) => id === account.id)) {
      throw new SwrError('4040091', `${account.username} has no permission here`)
    }
  }
}

const createRouteDefinition = createRoute({
  operationId: 'createUserRepositoryAuth',
  summary: 'Give users levels on a repository',
  method: 'post',
  path,
  ...onGrants(),
  request: { params: repositoryParams, body: jsonBody(UserAuths) },
  responses: done(201),
})

export const createUserRepositoryAuth = defineOpenAPIRoute({
  route: createRouteDefinition,
  handler: async (c) => {
    const { actor, namespace, repository, along } = c.var.granted()
    const [accounts, grants] = along
    const changes = named(c.req.valid('json'), accounts, actor)
    requireOthers(namespace, changes)
    for (const { account } of changes) {
      if (grants.some(({ id }) => id === account.id)) {
        throw new SwrError('4090089', `${account.username} has a permission here already`)
      }
    }
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await changeUserGrants(c.env.store, { namespace, repository, changes, ...origin })
    return c.json({}, 201)
  },
})

const updateRouteDefinition = createRoute({
  operationId: 'updateUserRepositoryAuth',
  summary: "Change users' levels on a repository",
  method: 'patch',
  path,
  ...onGrants(),
  request: { params: repositoryParams, body: jsonBody(UserAuths) },
  responses: done(201),
})

export const updateUserRepositoryAuth = defineOpenAPIRoute({
  route: updateRouteDefinition,
  handler: async (c) => {
    const { actor, namespace, repository, along } = c.var.granted()
    const [accounts, grants] = along
    const changes = named(c.req.valid('json'), accounts, actor)
    requireGranted(grants, changes)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await changeUserGrants(c.env.store, { namespace, repository, changes, ...origin })
    return c.json({}, 201)
  },
})

const deleteRouteDefinition = createRoute({
  operationId: 'deleteUserRepositoryAuth',
  summary: "Take away users' own levels on a repository",
  method: 'delete',
  path,
  ...onGrants(),
  request: { params: repositoryParams, body: jsonBody(UserIds) },
  responses: gone,
})

export const deleteUserRepositoryAuth = defineOpenAPIRoute({
  route: deleteRouteDefinition,
  handler: async (c) => {
    const { actor, namespace, repository, along } = c.var.granted()
    const [accounts, grants] = along
    const changes = identified(c.req.valid('json'), accounts).map((account) => ({ account, rank: undefined }))
    requireGranted(grants, changes)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await changeUserGrants(c.env.store, { namespace, repository, changes, ...origin })
    return c.body(null, 204)
  },
})

const showRouteDefinition = createRoute({
  operationId: 'showUserRepositoryAuth',
  summary: 'Show who has which level on a repository',
  method: 'get',
  path,
  ...onRepository('read', {
    scope: 'repo:admin',
    along: ({ store, repositoryId, namespaceId }) => [userGrants(store, repositoryId, namespaceId)] as const,
  }),
  request: { params: repositoryParams },
  responses: answer(200, RepositoryAuthView, 'The levels; others are shown to who manages the repository'),
})

export const showUserRepositoryAuth = defineOpenAPIRoute({
  route: showRouteDefinition,
  handler: (c) => {
    const { actor, repository, authority, along } = c.var.granted()
    const others = along[0].filter(({ id }) => id !== actor.account.id).map((row) => userAuth(row, row.role))
    const view = {
      id: repository.id,
      name: repository.name,
      self_auth: userAuth(actor.account, shownRank(authority.repositoryRank, authority)),
      others_auths: authority.repositoryRank === 3 ? others : [],
    }
    return c.json(view, 200)
  },
})
