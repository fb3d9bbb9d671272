import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core'
import type { ICredential } from '@huaweicloud/huaweicloud-sdk-core/auth/ICredential'
import { Region } from '@huaweicloud/huaweicloud-sdk-core/region/region'
import { SwrClient } from '@huaweicloud/huaweicloud-sdk-swr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Server, startServer } from './server.ts'

const password = 'long-enough-1'

let server: Server
let endpoint: string
let key: { ak: string; sk: string }
let client: Record<string, (request?: object) => Promise<Answer>>

type Answer = Record<string, unknown> & { httpStatusCode: number; length: number }

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

beforeAll(async () => {
  server = await startServer(password)
  endpoint = `http://${server.host}`
  const response = await quay('POST', '/api/v1/user/apptoken', { title: 'sdk' })
  const { token } = (await response.json()) as { token: { uuid: string; token_code: string } }
  key = { ak: token.uuid, sk: token.token_code }
  client = clientOf(new BasicCredentials({ ...key, projectId: 'proj0001' }))
})

afterAll(() => server?.stop())

const clientOf = (credential: ICredential) =>
  SwrClient.newBuilder()
    .withCredential(credential)
    .withEndpoint(endpoint)
    .withOptions({ customUserAgent: 'quayside-test' })
    .build() as unknown as typeof client

const quay = (method: string, path: string, body?: object) =>
  fetch(endpoint + path, {
    method,
    headers: { authorization: `Bearer ${server.accessToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })

/** Pushes an image of one small layer. */
async function push(name: string, tag: string, layer: string) {
  const authorization = `Basic ${btoa(`$oauthtoken:${server.accessToken}`)}`
  const blobs = ['{}', layer]
  for (const blob of blobs) {
    const url = `${endpoint}/v2/${name}/blobs/uploads/?digest=${encodeURIComponent(digestOf(blob))}`
    const response = await fetch(url, { method: 'POST', headers: { authorization }, body: blob })
    expect(response.status).toBe(201)
  }
  const [config, content] = blobs.map((blob) => ({ size: blob.length, digest: digestOf(blob) }))
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json'
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', ...content }],
  }
  const response = await fetch(`${endpoint}/v2/${name}/manifests/${tag}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': mediaType },
    body: JSON.stringify(manifest),
  })
  expect(response.status).toBe(201)
}

const group = { namespace: 'group' }
const repository = { namespace: 'group', repository: 'team$busybox' }
const sync = { remoteRegionId: 'quayside-1', remoteNamespace: 'group' }
const policy = { algorithm: 'or', rules: [{ template: 'tag_rule', params: { num: '10' }, tag_selectors: [] }] }
const trigger = {
  name: 'deploy',
  trigger_type: 'all',
  condition: '.*',
  action: 'update',
  app_type: 'deployments',
  application: 'app',
  cluster_ns: 'default',
  enable: 'true',
}

describe("the vendor's own SDK, signing with an access key", () => {
  it('O01 O03 carries out every operation that it has', async () => {
    await quay('POST', '/api/v1/superuser/users/', { username: 'friend', email: 'friend@example.com' })
    const called = new Set<string>()
    const call = async (name: string, status: number, request?: object) => {
      called.add(name)
      const operation = client[name]
      if (!operation) throw new Error(`the SDK has no ${name}`)
      const answer = await operation.call(client, request).catch((error: Record<string, unknown>) => {
        throw new Error(`${name}: ${error.httpStatusCode} ${error.errorCode} ${error.errorMsg ?? error}`)
      })
      expect(`${name} ${answer.httpStatusCode}`).toBe(`${name} ${status}`)
      return answer
    }
    await call('createNamespace', 201, { body: group })
    await call('listNamespaces', 200, { filter: 'mode::visible' })
    expect(await call('showNamespace', 200, group)).toMatchObject({ name: 'group', auth: 7, creator_name: 'admin' })
    await call('createRepo', 200, { ...group, body: { repository: 'team/busybox', is_public: false } })
    await call('updateRepo', 201, { ...repository, body: { is_public: false, description: 'x', category: 'linux' } })
    expect(await call('showRepository', 200, repository)).toMatchObject({ name: 'team/busybox', category: 'linux' })
    expect(await call('listRepositoryTags', 200, repository)).toHaveLength(0)
    for (let i = 1; i <= 12; i++) await push('group/team/busybox', `v${i}`, `layer ${i}`)
    const page = await call('listRepositoryTags', 200, { ...repository, filter: 'offset::0|limit::10' })
    expect(page).toHaveLength(10)
    expect(page['Content-Range']).toBe('0-10/12')
    await call('createRepoTag', 201, { ...repository, body: { source_tag: 'v1', destination_tag: 'copy' } })
    await call('deleteRepoTag', 204, { ...repository, tag: 'copy' })
    expect(await call('listReposDetails', 200, { filter: 'namespace::group|offset::0|limit::5' })).toHaveLength(1)

    await quay('PUT', '/api/v1/superuser/users/friend', { password })
    const auth = { user_id: (await login('friend')).id, user_name: 'friend', auth: 1 }
    await call('createNamespaceAuth', 200, { ...group, body: [auth] })
    await call('updateNamespaceAuth', 201, { ...group, body: [{ ...auth, auth: 3 }] })
    expect(await call('showNamespaceAuth', 200, group)).toMatchObject({ others_auths: [{ ...auth, auth: 3 }] })
    await call('deleteNamespaceAuth', 204, { ...group, body: [auth.user_id] })
    await call('createUserRepositoryAuth', 201, { ...repository, body: [auth] })
    await call('updateUserRepositoryAuth', 201, { ...repository, body: [{ ...auth, auth: 7 }] })
    expect(await call('showUserRepositoryAuth', 200, repository)).toMatchObject({
      others_auths: [{ ...auth, auth: 7 }],
    })
    await call('deleteUserRepositoryAuth', 204, { ...repository, body: [auth.user_id] })

    const share = { permit: 'read', deadline: 'forever' }
    const shared = { ...repository, access_domain: 'friend' }
    await call('createRepoDomains', 201, { ...repository, body: { access_domain: 'friend', ...share } })
    expect(await call('listRepoDomains', 200, repository)).toHaveLength(1)
    expect(await call('showAccessDomain', 200, shared)).toMatchObject({ exist: true })
    await call('updateRepoDomains', 201, { ...shared, body: share })
    expect(await call('listSharedReposDetails', 200, { center: 'self' })).toHaveLength(1)
    await call('deleteRepoDomains', 204, shared)

    const { id } = await call('createRetention', 201, { ...repository, body: policy })
    const retention = { ...repository, retention_id: id }
    expect(await call('listRetentions', 200, repository)).toHaveLength(1)
    await call('showRetention', 200, retention)
    await call('updateRetention', 201, { ...retention, body: policy })
    await call('listRetentionHistories', 200, repository)
    await call('deleteRetention', 200, retention)

    await call('createTrigger', 201, { ...repository, body: trigger })
    expect(await call('listTriggersDetails', 200, repository)).toHaveLength(1)
    await call('showTrigger', 200, { ...repository, trigger: 'deploy' })
    await call('updateTrigger', 201, { ...repository, trigger: 'deploy', body: { enable: 'false' } })
    await call('deleteTrigger', 204, { ...repository, trigger: 'deploy' })

    await call('createImageSyncRepo', 200, { ...repository, body: sync })
    expect(await call('listImageAutoSyncReposDetails', 200, repository)).toHaveLength(1)
    await call('createManualImageSyncRepo', 200, { ...repository, body: { ...sync, imageTag: ['v1'] } })
    expect(await call('showSyncJob', 200, { ...repository, filter: 'limit::10|offset::0' })).toHaveLength(1)
    await call('deleteImageSyncRepo', 200, { ...repository, body: sync })

    expect(await call('createSecret', 200, { projectname: 'quayside-1' })).toHaveProperty('X-Swr-Dockerlogin')
    await call('listQuotas', 200)
    await call('showShareFeatureGates', 200)
    expect(await call('showDomainOverview', 200)).toMatchObject({ namspace_num: 2, repo_num: 1, image_num: 12 })
    await call('showDomainResourceReports', 200, { resource_type: 'store', frequency: 'daily' })
    await call('listApiVersions', 200)
    await call('showApiVersion', 200, { api_version: 'v2' })
    await call('deleteRepo', 204, repository)
    await call('deleteNamespaces', 204, group)

    const operations = Object.getOwnPropertyNames(SwrClient.prototype).filter(
      (name) => !['constructor', 'getPath'].includes(name),
    )
    expect([...called].sort()).toEqual(operations.sort())
  })

  it('L85 reads our errors', async () => {
    const error = await client.showRepository?.call(client, { namespace: 'admin', repository: 'nope' }).then(
      () => undefined,
      (reason) => reason,
    )
    expect(error?.constructor.name).toBe('ClientRequestException')
    expect(error).toMatchObject({
      httpStatusCode: 404,
      errorCode: 'SVCSTG.SWR.4040113',
      errorMsg: expect.any(String),
      requestId: expect.stringMatching(/^\w+$/),
    })
  })

  it.each(['ak', 'sk'] as const)('A02 is refused with a wrong %s', async (part) => {
    const wrong = clientOf(new BasicCredentials({ ...key, [part]: 'wrong', projectId: 'p' }))
    await expect(wrong.listNamespaces?.call(wrong)).rejects.toMatchObject({
      httpStatusCode: 401,
      errorCode: 'SVCSTG.SWR.4010000',
    })
  })

  it('A08 A09 finds its project by the name of the region, with a body on a GET, and lists what is there', async () => {
    const query = '/v3/projects?name=quayside-1'
    const { token } = await login()
    const projects = await sendWithBody('GET', query, '{}', { 'x-auth-token': token })
    expect(projects).toEqual({
      status: 200,
      body: { projects: [expect.objectContaining({ name: 'quayside-1', enabled: true, is_domain: false })] },
    })

    await quay('POST', '/api/v1/repository', {
      namespace: 'admin',
      repository: 'listed',
      visibility: 'private',
      description: '',
    })
    const credential = new BasicCredentials({ ...key, iamEndpoint: endpoint })
    const inRegion = SwrClient.newBuilder()
      .withCredential(credential)
      .withRegion(new Region('quayside-1', endpoint))
      .withOptions({ customUserAgent: 'quayside-test' })
      .build() as unknown as typeof client
    const repositories = (await inRegion.listReposDetails?.call(inRegion, {})) as unknown
    expect(Array.from(repositories as object[])).toEqual([
      expect.objectContaining({ namespace: 'admin', name: 'listed' }),
    ])
    const [project] = (projects.body as { projects: { id: string }[] }).projects
    expect(credential.projectId).toBe(project?.id)
  })

  it('A12 takes a token in place of a key', async () => {
    const { token } = await login()
    const credential = {
      processAuthParams: async () => credential,
      processAuthRequest: async (request: { url: string; headers: Record<string, string> }) => {
        request.url = request.url.replace('{project_id}', 'p')
        request.headers['X-Auth-Token'] = token
        return request
      },
    }
    const through = clientOf(credential as unknown as ICredential)
    expect(await through.listNamespaces?.call(through)).toMatchObject({ namespaces: [{ name: 'admin', auth: 7 }] })
  })
})

/** A request with a body whatever its method is, which `fetch` refuses to send. */
async function sendWithBody(method: string, path: string, body: string, headers: Record<string, string>) {
  const length = { 'content-type': 'application/json', 'content-length': String(body.length) }
  const sent = request(endpoint + path, { method, headers: { ...headers, ...length } }).end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, body: await json(answer) }
}

/** Signs in at IAM. */
async function login(name = 'admin') {
  const user = { name, password, domain: { name: 'quayside' } }
  const response = await fetch(`${endpoint}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } }),
  })
  const { token } = (await response.json()) as { token: { user: { id: string } } }
  return { token: response.headers.get('x-subject-token') ?? '', id: token.user.id }
}
