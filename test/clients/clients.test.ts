import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeLayout } from './layout.ts'
import { digestIn, isInstalled, programsIn } from './programs.ts'
import { type Server, startServer } from './server.ts'

const password = 'long-enough-1'
const insecure = '--tls-verify=false'

let server: Server
let folder: string
let layout: Awaited<ReturnType<typeof writeLayout>>
let run: Awaited<ReturnType<typeof programsIn>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-layout-'))
  run = await programsIn(folder)
  layout = await writeLayout(join(folder, 'image'), [1000, 9_000_000, 20_000_000])
  server = await startServer(password)
})

afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const login = (program: string) => run(program, 'login', insecure, '-u', 'admin', '-p', password, server.host)
const logout = (program: string) => run(program, 'logout', server.host)
const named = (name: string) => `${server.host}/${name}`
const image = (name: string) => `docker://${named(name)}`
const local = (name: string) => `oci:${join(folder, 'image')}:${name}`
const inspect = async (name: string, ...options: string[]) =>
  JSON.parse(await run('skopeo', 'inspect', insecure, ...options, image(name)))
/** Where a wrong password was sent: the wait that it costs. */
const sleepOff = () => new Promise((done) => setTimeout(done, 1000))

describe.runIf(isInstalled('skopeo'))('skopeo', () => {
  const copy = (...args: string[]) =>
    run('skopeo', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false', ...args)
  const tagsOf = async (name: string) => JSON.parse(await run('skopeo', 'list-tags', insecure, image(name))).Tags

  it('pushes images and indexes into private repositories, and gets the same digests back', async () => {
    await login('skopeo')
    await copy(local('one'), image('admin/app:v1'))
    await copy('--all', local('multi'), image('admin/deep/app:multi'))
    for (const [name, source, digest] of [
      ['back-one', 'admin/app:v1', layout.one],
      ['back-multi', 'admin/deep/app:multi', layout.multi],
      ['back-digest', `admin/app@${layout.one}`, layout.one],
    ] as const) {
      const target = join(folder, name)
      await copy('--all', image(source), `oci:${target}:back`)
      expect(await digestIn(target)).toBe(digest)
    }
  })

  it('looks at them, lists their tags, copies within the registry', async () => {
    expect(await inspect('admin/app:v1')).toMatchObject({
      Digest: layout.one,
      RepoTags: ['v1'],
      Labels: { maintainer: 'me' },
    })
    expect(await inspect('admin/app:v1', '--config')).toMatchObject({ architecture: 'amd64' })
    expect((await inspect('admin/deep/app:multi', '--raw')).manifests).toHaveLength(2)
    await copy(image('admin/app:v1'), image('admin/app:v2'))
    await copy(image('admin/app:v1'), image('admin/other:v1'))
    expect(await tagsOf('admin/app')).toEqual(['v1', 'v2'])
  })

  it('copies an index with all that it leads to into another repository, and one platform of it', async () => {
    const digests = join(folder, 'digest')
    await copy('--all', '--digestfile', digests, image('admin/deep/app:multi'), image('admin/copied:multi'))
    expect(await readFile(digests, 'utf8')).toBe(layout.multi)
    await copy(
      '--override-arch',
      'arm64',
      '--override-os',
      'linux',
      image('admin/copied:multi'),
      image('admin/copied:arm'),
    )
    expect(await inspect('admin/copied:arm', '--config')).toMatchObject({ architecture: 'arm64' })
  })

  it('pushes in the older format too', async () => {
    await copy('--format', 'v2s2', local('one'), image('admin/docker:v1'))
    expect(await inspect('admin/docker:v1', '--raw')).toMatchObject({
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    })
  })

  it('syncs a repository to a folder and back, and from one name to another', async () => {
    const target = join(folder, 'synced')
    const sync = (from: string, to: string, ...args: string[]) =>
      run('skopeo', 'sync', '--src-tls-verify=false', '--dest-tls-verify=false', '--src', from, '--dest', to, ...args)
    await sync('docker', 'dir', named('admin/app'), target)
    await sync('dir', 'docker', target, named('admin/synced'))
    expect(await tagsOf('admin/synced/app')).toEqual(['v1', 'v2'])
    await sync('docker', 'docker', '--all', named('admin/deep/app'), named('admin/mirror'))
    expect(await inspect('admin/mirror/app:multi', '--raw')).toEqual(await inspect('admin/deep/app:multi', '--raw'))
  })

  it('deletes, and is told after a logout that it may not', async () => {
    await run('skopeo', 'delete', insecure, image('admin/other:v1'))
    await expect(inspect('admin/other:v1')).rejects.toThrow('manifest unknown')
    await run('skopeo', 'delete', insecure, image('admin/copied:multi'))
    expect(await tagsOf('admin/copied')).toEqual(['arm'])
    await logout('skopeo')
    await expect(inspect('admin/app:v1')).rejects.toThrow(/unauthorized|authorized/)
  })

  it('is refused with a wrong password', async () => {
    await expect(run('skopeo', 'login', insecure, '-u', 'admin', '-p', 'wrong-password', server.host)).rejects.toThrow(
      'invalid username/password',
    )
    await sleepOff()
  })
})

describe.runIf(isInstalled('podman'))('podman', () => {
  const pull = async (from: string) => (await run('podman', 'pull', '--quiet', insecure, from)).trim()

  it('logs in, pushes and pulls', async () => {
    await login('podman')
    expect((await run('podman', 'login', '--get-login', server.host)).trim()).toBe('admin')
    const id = await pull(named('admin/app:v1'))
    await run('podman', 'push', insecure, id, named('admin/podman:v1'))
    await run('podman', 'rmi', '-f', id)
    expect(await pull(named('admin/podman:v1'))).toBe(id)
    const [about] = JSON.parse(await run('podman', 'image', 'inspect', id))
    expect(about.Labels).toEqual({ maintainer: 'me' })
  })

  it('pushes a manifest list, and pulls the platform that it asks for', async () => {
    await run('podman', 'manifest', 'create', 'of-both')
    for (const arch of ['amd64', 'arm64']) {
      await run('podman', 'manifest', 'add', insecure, '--arch', arch, 'of-both', image('admin/deep/app:multi'))
    }
    await run('podman', 'manifest', 'push', '--all', insecure, 'of-both', image('admin/podman:list'))
    expect((await inspect('admin/podman:list', '--raw')).manifests.length).toBeGreaterThan(0)
    await run('podman', 'manifest', 'rm', 'of-both')
    const id = (
      await run('podman', 'pull', '--quiet', insecure, '--arch', 'arm64', named('admin/deep/app:multi'))
    ).trim()
    const [about] = JSON.parse(await run('podman', 'image', 'inspect', id))
    expect(about.Architecture).toBe('arm64')
  })

  it('is told after a logout that it may not, and pulls what is public without a login', async () => {
    await logout('podman')
    await run('podman', 'rmi', '-af')
    await expect(pull(named('admin/app:v1'))).rejects.toThrow(/unauthorized|authorized/)
    const published = await fetch(`http://${server.host}/api/v1/repository/admin/podman/changevisibility`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server.accessToken}` },
      body: JSON.stringify({ visibility: 'public' }),
    })
    expect(published.status).toBe(200)
    expect(await pull(named('admin/podman:v1'))).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe.runIf(isInstalled('buildah'))('buildah', () => {
  it('builds from nothing, pushes an image and a manifest list', async () => {
    await login('buildah')
    const container = (await run('buildah', 'from', 'scratch')).trim()
    await run('buildah', 'config', '--label', 'made-by=buildah', container)
    const id = (await run('buildah', 'commit', '--quiet', '--rm', container)).trim()
    await run('buildah', 'push', insecure, id, image('admin/built:v1'))
    expect((await inspect('admin/built:v1')).Labels).toMatchObject({ 'made-by': 'buildah' })
    const list = `list-${Date.now()}`
    await run('buildah', 'manifest', 'create', list)
    await run('buildah', 'manifest', 'add', insecure, list, image('admin/built:v1'))
    await run('buildah', 'manifest', 'push', '--all', insecure, list, image('admin/built:list'))
    expect((await inspect('admin/built:list', '--raw')).manifests).toHaveLength(1)
    await run('buildah', 'manifest', 'rm', list)
    await run('buildah', 'rmi', '-f', id)
  })

  it('builds on what it pulls, and pushes the layers that are new', async () => {
    await writeFile(
      join(folder, 'Containerfile'),
      `FROM ${named('admin/app:v1')}\nCOPY storage.conf /\nLABEL built=yes\n`,
    )
    await run('buildah', 'build', '--quiet', insecure, '--tag', named('admin/built:v2'), folder)
    await run('buildah', 'push', insecure, named('admin/built:v2'))
    const { layers } = await inspect('admin/built:v2', '--raw')
    const { layers: base } = await inspect('admin/app:v1', '--raw')
    expect(layers).toHaveLength(base.length + 1)
    await run('buildah', 'rmi', '-af')
    const pulled = (await run('buildah', 'pull', '--quiet', insecure, named('admin/built:v2'))).trim()
    expect(pulled).toMatch(/^[0-9a-f]{64}$/)
    await logout('buildah')
    await expect(run('buildah', 'pull', '--quiet', insecure, named('admin/built:v1'))).rejects.toThrow(/authorized/)
  })
})
