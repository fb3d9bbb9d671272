import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Server, startServer } from './server.ts'

const execute = promisify(execFile)
const password = 'long-enough-1'
const playbooks = join(import.meta.dirname, 'ansible')

const isInstalled = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'ansible-playbook')))
const collections = (
  process.env.ANSIBLE_COLLECTIONS_PATH ?? `${homedir()}/.ansible/collections:/usr/share/ansible/collections`
)
  .split(':')
  .find((folder) => existsSync(join(folder, 'ansible_collections/infra/quay_configuration')))

const settings = {
  BROWSER_API_CALLS_XHR_ONLY: 'true',
  FEATURE_IMAGE_PULL_STATS: 'true',
  FEATURE_IMMUTABLE_TAGS: 'true',
  // Without it a repository's state does not change.
  FEATURE_REPO_MIRROR: 'true',
  FEATURE_SUPERUSER_CONFIGDUMP: 'true',
}

let server: Server
let folder: string
let token: string

/** Runs a playbook; resolves to the tasks that changed something, each named once. @throws what it says when one fails */
async function changesOf(playbook: string, variables: object = {}, ...args: string[]): Promise<string[]> {
  const given = { host: `http://${server.host}`, password, ends: [inMonths(6), inMonths(9)], ...variables }
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: join(playbooks, 'ansible.cfg'),
    ANSIBLE_COLLECTIONS_PATH: collections,
    ANSIBLE_HOME: folder,
  }
  const { stdout } = await execute(
    'ansible-playbook',
    ['-i', 'localhost,', '-e', JSON.stringify(given), ...args, join(playbooks, playbook)],
    { env, maxBuffer: 16 * 1024 * 1024 },
  ).catch((error) => Promise.reject(new Error(`${playbook}: ${error.stdout}${error.stderr}`)))
  const tasks = stdout.split(/^TASK /m).slice(1)
  expect(tasks.length, stdout).toBeGreaterThan(0)
  return tasks
    .filter((text) => /^changed: /m.test(text))
    .map((text) => /^\[(?:.* : )?(.*)\] \*/.exec(text)?.[1] ?? text)
}

/** The first day of a month to come. */
function inMonths(months: number): string {
  const today = new Date()
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + months, 1)).toISOString().slice(0, 10)
}

/** The names of all tasks of a playbook. */
const tasksOf = async (playbook: string) =>
  [...(await readFile(join(playbooks, playbook), 'utf8')).matchAll(/^ {4}- name: (.*)$/gm)].map(([, name]) => name)

/** Pushes an image of one layer; the API's token will do. */
async function push(repository: string, tag: string): Promise<void> {
  const send = async (method: string, path: string, body: string, type: string) => {
    const url = path.startsWith('http') ? path : `http://${server.host}${path}`
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    const response = await fetch(url, { method, headers, body })
    if (response.status !== 201) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  const blob = async (mediaType: string, text: string) => {
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
    await send('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, text, 'application/octet-stream')
    return { mediaType, digest, size: text.length }
  }
  const layer = await blob('application/vnd.oci.image.layer.v1.tar', 'a layer')
  const about = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [layer.digest] } }
  const config = await blob('application/vnd.oci.image.config.v1+json', JSON.stringify(about))
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = { schemaVersion: 2, mediaType, config, layers: [layer] }
  await send('PUT', `/v2/${repository}/manifests/${tag}`, JSON.stringify(manifest), mediaType)
}

const needs = [
  ...(isInstalled ? [] : ['ansible-playbook on the PATH']),
  ...(collections ? [] : ['the collection on ANSIBLE_COLLECTIONS_PATH']),
]

describe.skipIf(needs.length > 0)(['infra.quay_configuration', ...needs].join(', left out without '), () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quayside-ansible-'))
    server = await startServer(undefined, settings)
  })

  afterAll(async () => {
    await server?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('initializes the registry', async () => {
    const file = join(folder, 'token')
    expect(await changesOf('initialize.yml', { token_file: file })).toEqual(['the first user', 'its token'])
    token = await readFile(file, 'utf8')
    await push('admin/ore', 'raw')
  })

  it('makes what the playbook says, and has nothing to do the second time', async () => {
    expect(await changesOf('manage.yml', { token })).toEqual(await tasksOf('manage.yml'))
    expect(await changesOf('manage.yml')).toEqual([])
  })

  it('brings another edition of the playbook, just as its check said', async () => {
    const revised = { revised: true }
    const checked = await changesOf('manage.yml', { ...revised, token }, '--check')
    const changed = await changesOf('manage.yml', revised)
    expect(changed.filter((task) => task !== 'label')).toEqual(checked)
    expect(checked).toEqual(expect.arrayContaining(['users', 'organization', 'team', 'application', 'tag that ends']))
    expect(await changesOf('manage.yml', { ...revised, token })).toEqual([])
  })

  it('looks at images and settings, and mints tokens', async () => {
    expect(await changesOf('look.yml', { token })).toEqual(["a token of one's own", 'a token for somebody else'])
  })

  it('removes everything, and has nothing to do the second time', async () => {
    const all = await tasksOf('remove.yml')
    expect(await changesOf('remove.yml', { token }, '--check')).toEqual(all)
    expect(await changesOf('remove.yml', { token })).toEqual(all)
    expect(await changesOf('remove.yml', { token })).toEqual([])
    const left = await fetch(`http://${server.host}/api/v1/organization/forge`)
    expect(left.status).toBe(404)
  })

  it('makes an organization by its own role, and has nothing to do the second time', async () => {
    expect((await changesOf('role.yml', { token })).length).toBeGreaterThan(7)
    expect(await changesOf('role.yml', { token })).toEqual([])
  })
})
