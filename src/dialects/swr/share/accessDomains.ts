import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { endShare, renewShare, shareRepository } from '../../../domain/grant/changeShare.ts'
import { sharesOf, shareWith } from '../../../store/shares.ts'
import { type Lookup, onRepository } from '../access.ts'
import { SwrError } from '../errors.ts'
import { answer, done, gone, inNamespace, jsonBody, repositoryParams, repositoryParamsWith } from '../wire.ts'
import { endOf, NewShare, noShareView, ShareTerms, ShareView, ShownShareView, shareView } from './shareView.ts'

const all = `${inNamespace}/repositories/{repository}/access-domains` as const
const one = `${all}/{access_domain}` as const

function readShare({ store, repositoryId, param }: Lookup) {
  return [shareWith(store, repositoryId, param('access_domain'))] as const
}

const newRoute = createRoute({
  operationId: 'createRepoDomains',
  summary: 'Share a repository with another account',
  method: 'post',
  path: all,
  ...onRepository('admin', {
    along: async ({ store, repositoryId, body }) => {
      const { access_domain: domain = '' } = NewShare.partial().safeParse(await body()).data ?? {}
      return [shareWith(store, repositoryId, domain)] as const
    },
  }),
  request: { params: repositoryParams, body: jsonBody(NewShare) },
  responses: done(201),
})

export const createRepoDomains = defineOpenAPIRoute({
  route: newRoute,
  handler: async (c) => {
    const { access_domain: accessDomain, deadline, description } = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    if (along[0].length > 0) throw new SwrError('4090006', `the image is shared with ${accessDomain} already`)
    const target = { actor, namespace, repository, accessDomain, ip: c.var.ip, now: c.env.now() }
    await shareRepository(c.env.store, target, { deadline, endsAt: endOf(deadline), description })
    return c.json({}, 201)
  },
})

const listRoute = createRoute({
  operationId: 'listRepoDomains',
  summary: 'List the accounts that a repository is shared with',
  method: 'get',
  path: all,
  ...onRepository('read', { along: ({ store, repositoryId }) => [sharesOf(store, repositoryId)] as const }),
  request: { params: repositoryParams },
  responses: answer(200, z.array(ShareView), 'The shares, 100 at most'),
})

export const listRepoDomains = defineOpenAPIRoute({
  route: listRoute,
  handler: (c) => {
    const { namespace, repository, along } = c.var.granted()
    const place = { namespace: namespace.username, repository: repository.name, now: c.env.now() }
    return c.json(
      along[0].map((row) => shareView(row, place)),
      200,
    )
  },
})

const showRoute = createRoute({
  operationId: 'showAccessDomain',
  summary: 'Show whether a repository is shared with an account',
  method: 'get',
  path: one,
  ...onRepository('read', { along: readShare }),
  request: { params: repositoryParamsWith('access_domain') },
  responses: answer(200, ShownShareView, 'The share; `exist` is false where there is none'),
})

export const showAccessDomain = defineOpenAPIRoute({
  route: showRoute,
  handler: (c) => {
    const { namespace, repository, along } = c.var.granted()
    const [[row]] = along
    const place = { namespace: namespace.username, repository: repository.name, now: c.env.now() }
    return c.json(row ? { exist: true, ...shareView(row, place) } : noShareView, 200)
  },
})

const changeRoute = createRoute({
  operationId: 'updateRepoDomains',
  summary: 'Change how long a repository is shared with an account',
  method: 'patch',
  path: one,
  ...onRepository('admin', { along: readShare }),
  request: { params: repositoryParamsWith('access_domain'), body: jsonBody(ShareTerms) },
  responses: done(201),
})

export const updateRepoDomains = defineOpenAPIRoute({
  route: changeRoute,
  handler: async (c) => {
    const { access_domain: accessDomain } = c.req.valid('param')
    const { deadline, description } = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    if (along[0].length === 0) throw new SwrError('4040091', `the image is not shared with ${accessDomain}`)
    const target = { actor, namespace, repository, accessDomain, ip: c.var.ip, now: c.env.now() }
    await renewShare(c.env.store, target, { deadline, endsAt: endOf(deadline), description })
    return c.json({}, 201)
  },
})

const endRoute = createRoute({
  operationId: 'deleteRepoDomains',
  summary: 'Share a repository with an account no longer',
  method: 'delete',
  path: one,
  ...onRepository('admin', { along: readShare }),
  request: { params: repositoryParamsWith('access_domain') },
  responses: gone,
})

export const deleteRepoDomains = defineOpenAPIRoute({
  route: endRoute,
  handler: async (c) => {
    const { access_domain: accessDomain } = c.req.valid('param')
    const { actor, namespace, repository, along } = c.var.granted()
    if (along[0].length === 0) throw new SwrError('4040091', `the image is not shared with ${accessDomain}`)
    await endShare(c.env.store, { actor, namespace, repository, accessDomain, ip: c.var.ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
