import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeLayout } from './layout.ts'
import { type Server, startServer } from './server.ts'

const password = 'long-enough-1'
const execute = promisify(execFile)
const isInstalled = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

let server: Server
let folder: string
let authFile: string
let layout: Awaited<ReturnType<typeof writeLayout>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-layout-'))
  authFile = join(folder, 'auth.json')
  const storage = ['driver = "vfs"', `graphroot = "${join(folder, 'storage')}"`, `runroot = "${join(folder, 'run')}"`]
  await writeFile(join(folder, 'storage.conf'), `[storage]\n${storage.join('\n')}\n`)
  layout = await writeLayout(join(folder, 'image'), [1000, 9_000_000, 20_000_000])
  server = await startServer(password)
})

afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a program with an own file of logins; resolves to what it said. */
async function run(program: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, REGISTRY_AUTH_FILE: authFile, CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf') }
  const { stdout } = await execute(program, args, { env, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}
const login = (program: string) =>
  run(program, 'login', '--tls-verify=false', '-u', 'admin', '-p', password, server.host)
const logout = (program: string) => run(program, 'logout', server.host)
const image = (name: string) => `docker://${server.host}/${name}`
const local = (name: string) => `oci:${join(folder, 'image')}:${name}`
/** The digest at the top of an OCI layout. */
const digestIn = async (path: string) =>
  JSON.parse(await readFile(join(path, 'index.json'), 'utf8')).manifests[0].digest as string

describe.runIf(isInstalled('skopeo'))('skopeo', () => {
  const copy = (...args: string[]) =>
    run('skopeo', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false', ...args)

  it('pushes images and indexes into private repositories, and gets the same digests back', async () => {
    await login('skopeo')
    await copy(local('one'), image('admin/app:v1'))
    await copy('--all', local('multi'), image('admin/deep/app:multi'))
    for (const [name, source, digest] of [
      ['back-one', 'admin/app:v1', layout.one],
      ['back-multi', 'admin/deep/app:multi', layout.multi],
    ] as const) {
      const target = join(folder, name)
      await copy('--all', image(source), `oci:${target}:back`)
      expect(await digestIn(target)).toBe(digest)
    }
  })

  it('looks at them, lists their tags, copies within the registry', async () => {
    const about = JSON.parse(await run('skopeo', 'inspect', '--tls-verify=false', image('admin/app:v1')))
    expect(about).toMatchObject({ Digest: layout.one, RepoTags: ['v1'], Labels: { maintainer: 'me' } })
    await copy(image('admin/app:v1'), image('admin/app:v2'))
    await copy(image('admin/app:v1'), image('admin/other:v1'))
    const { Tags } = JSON.parse(await run('skopeo', 'list-tags', '--tls-verify=false', image('admin/app')))
    expect(Tags).toEqual(['v1', 'v2'])
  })

  it('syncs a repository to a folder and back', async () => {
    const target = join(folder, 'synced')
    await run(
      'skopeo',
      'sync',
      '--src-tls-verify=false',
      '--src',
      'docker',
      '--dest',
      'dir',
      `${server.host}/admin/app`,
      target,
    )
    await run(
      'skopeo',
      'sync',
      '--dest-tls-verify=false',
      '--src',
      'dir',
      '--dest',
      'docker',
      target,
      `${server.host}/admin/synced`,
    )
    const { Tags } = JSON.parse(await run('skopeo', 'list-tags', '--tls-verify=false', image('admin/synced/app')))
    expect(Tags).toEqual(['v1', 'v2'])
  })

  it('deletes, and is told after a logout that it may not', async () => {
    await run('skopeo', 'delete', '--tls-verify=false', image('admin/other:v1'))
    await expect(run('skopeo', 'inspect', '--tls-verify=false', image('admin/other:v1'))).rejects.toThrow(
      'manifest unknown',
    )
    await logout('skopeo')
    await expect(run('skopeo', 'inspect', '--tls-verify=false', image('admin/app:v1'))).rejects.toThrow(
      /unauthorized|authorized/,
    )
  })

  it('is refused with a wrong password', async () => {
    await expect(
      run('skopeo', 'login', '--tls-verify=false', '-u', 'admin', '-p', 'wrong-password', server.host),
    ).rejects.toThrow('invalid username/password')
    // The wait that a wrong password costs.
    await new Promise((done) => setTimeout(done, 1000))
  })
})

describe.runIf(isInstalled('podman'))('podman', () => {
  it('logs in, pushes and pulls', async () => {
    await login('podman')
    const name = `${server.host}/admin/app:v1`
    const pull = async (from: string) => (await run('podman', 'pull', '--quiet', '--tls-verify=false', from)).trim()
    const id = await pull(name)
    const own = `${server.host}/admin/podman:v1`
    await run('podman', 'push', '--tls-verify=false', id, own)
    await run('podman', 'rmi', '-f', id)
    expect(await pull(own)).toBe(id)
    await logout('podman')
  })
})

describe.runIf(isInstalled('buildah'))('buildah', () => {
  it('builds from nothing, pushes an image and a manifest list', async () => {
    await login('buildah')
    const container = (await run('buildah', 'from', 'scratch')).trim()
    await run('buildah', 'config', '--label', 'made-by=buildah', container)
    const id = (await run('buildah', 'commit', '--quiet', '--rm', container)).trim()
    await run('buildah', 'push', '--tls-verify=false', id, image('admin/built:v1'))
    const about = JSON.parse(await run('skopeo', 'inspect', '--tls-verify=false', image('admin/built:v1')))
    expect(about.Labels).toMatchObject({ 'made-by': 'buildah' })
    const list = `list-${Date.now()}`
    await run('buildah', 'manifest', 'create', list)
    await run('buildah', 'manifest', 'add', '--tls-verify=false', list, image('admin/built:v1'))
    await run('buildah', 'manifest', 'push', '--all', '--tls-verify=false', list, image('admin/built:list'))
    const raw = JSON.parse(await run('skopeo', 'inspect', '--raw', '--tls-verify=false', image('admin/built:list')))
    expect(raw.manifests).toHaveLength(1)
    await run('buildah', 'manifest', 'rm', list)
    await run('buildah', 'rmi', '-f', id)
    await logout('buildah')
  })
})

describe.runIf(isInstalled('crane'))('crane', () => {
  it('logs in, copies, lists and deletes', async () => {
    await run('crane', 'auth', 'login', '--insecure', '-u', 'admin', '-p', password, server.host)
    await run('crane', 'push', '--insecure', join(folder, 'image'), `${server.host}/admin/crane:v1`, '--index')
    expect((await run('crane', 'ls', '--insecure', `${server.host}/admin/crane`)).trim()).toBe('v1')
    const digest = (await run('crane', 'digest', '--insecure', `${server.host}/admin/crane:v1`)).trim()
    await run('crane', 'delete', '--insecure', `${server.host}/admin/crane@${digest}`)
    await expect(run('crane', 'digest', '--insecure', `${server.host}/admin/crane:v1`)).rejects.toThrow()
  })
})

describe.runIf(isInstalled('oras'))('oras', () => {
  it('attaches, discovers and deletes', async () => {
    await run('oras', 'login', '--plain-http', '-u', 'admin', '-p', password, server.host)
    const target = `${server.host}/admin/oras:v1`
    await run('oras', 'cp', '--from-oci-layout', '--to-plain-http', `${join(folder, 'image')}:one`, target)
    await run('oras', 'attach', '--plain-http', '--artifact-type', 'application/x.note', '--annotation', 'a=b', target)
    const found = JSON.parse(await run('oras', 'discover', '--plain-http', '--format', 'json', target))
    expect(JSON.stringify(found)).toContain('application/x.note')
    await run('oras', 'manifest', 'delete', '--plain-http', '--force', target)
  })
})
