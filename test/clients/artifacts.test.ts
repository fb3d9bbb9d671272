import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeLayout } from './layout.ts'
import { digestIn, isInstalled, programsIn } from './programs.ts'
import { type Server, startServer } from './server.ts'

const password = 'long-enough-1'

let server: Server
let folder: string
let layout: Awaited<ReturnType<typeof writeLayout>>
let run: Awaited<ReturnType<typeof programsIn>>
const named = (name: string) => `${server.host}/${name}`

describe.runIf(['crane', 'oras', 'cosign'].some(isInstalled))('with artifacts and indexes,', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quayside-artifacts-'))
    run = await programsIn(folder)
    layout = await writeLayout(join(folder, 'image'), [1000, 9_000_000])
    await writeFile(join(folder, 'note.txt'), 'a note\n')
    server = await startServer(password)
  })
  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  describe.runIf(isInstalled('crane'))('crane', () => {
    const crane = async (...args: string[]) => (await run('crane', ...args, '--insecure')).trim()

    it('logs in, pushes an index, and gets it back', async () => {
      await crane('auth', 'login', '-u', 'admin', '-p', password, server.host)
      await crane('push', join(folder, 'image'), named('admin/crane:all'), '--index')
      const digest = await crane('digest', named('admin/crane:all'))
      expect(JSON.parse(await crane('manifest', named('admin/crane:all'))).manifests).toHaveLength(2)
      await crane('pull', named('admin/crane:all'), join(folder, 'pulled'), '--format', 'oci')
      expect(await digestIn(join(folder, 'pulled'))).toBe(digest)
    })

    it('copies into another repository by mounting, and finds everything valid there', async () => {
      await crane('copy', named(`admin/crane@${layout.multi}`), named('admin/copied:multi'))
      expect(await crane('digest', named('admin/copied:multi'))).toBe(layout.multi)
      expect(await crane('validate', '--remote', named('admin/copied:multi'))).toContain('PASS')
      const config = JSON.parse(await crane('config', named('admin/copied:multi'), '--platform', 'linux/arm64'))
      expect(config).toMatchObject({ architecture: 'arm64' })
      const { layers } = JSON.parse(await crane('manifest', named(`admin/copied@${layout.one}`)))
      expect((await crane('blob', named(`admin/copied@${layers[0].digest}`))).length).toBeGreaterThan(0)
    })

    it('tags, lists a page at a time, changes and deletes', async () => {
      for (const tag of ['b', 'a', 'c']) await crane('tag', named('admin/copied:multi'), tag)
      expect((await crane('ls', named('admin/copied'))).split('\n')).toEqual(['a', 'b', 'c', 'multi'])
      await crane(
        'mutate',
        named(`admin/copied@${layout.one}`),
        '--label',
        'changed=yes',
        '-t',
        named('admin/copied:changed'),
      )
      const { config } = JSON.parse(await crane('config', named('admin/copied:changed')))
      expect(config.Labels).toMatchObject({ maintainer: 'me', changed: 'yes' })
      await crane(
        'index',
        'filter',
        named('admin/copied:multi'),
        '--platform',
        'linux/amd64',
        '-t',
        named('admin/copied:filtered'),
      )
      expect(JSON.parse(await crane('manifest', named('admin/copied:filtered'))).manifests).toHaveLength(1)
      await crane('delete', named('admin/copied:a'))
      await expect(crane('digest', named('admin/copied:a'))).rejects.toThrow('MANIFEST_UNKNOWN')
      await crane('delete', named(`admin/copied@${layout.multi}`))
      expect((await crane('ls', named('admin/copied'))).split('\n')).toEqual(['changed', 'filtered'])
    })

    it('is refused a token for the catalog, as by Quay, and all once it has logged out', async () => {
      await expect(crane('catalog', server.host)).rejects.toThrow('Unable to decode repository and actions')
      await crane('auth', 'logout', server.host)
      await expect(crane('digest', named('admin/crane:all'))).rejects.toThrow(/UNAUTHORIZED|401/)
    })
  })

  describe.runIf(isInstalled('oras'))('oras', () => {
    const plain: Record<string, string[]> = { cp: ['--from-plain-http', '--to-plain-http'] }
    const oras = (command: string, ...args: string[]) =>
      run('oras', ...command.split(' '), ...(plain[command] ?? ['--plain-http']), ...args)
    const json = async (command: string, ...args: string[]) =>
      JSON.parse(await oras(command, '--format', 'json', ...args))

    it('logs in, pushes an artifact, and gets its files back', async () => {
      await oras('login', '-u', 'admin', '-p', password, server.host)
      const pushed = await json(
        'push',
        named('admin/oras:v1'),
        'note.txt:text/plain',
        '--artifact-type',
        'application/x.note',
      )
      expect(pushed).toMatchObject({ artifactType: 'application/x.note' })
      await oras('pull', named('admin/oras:v1'), '-o', join(folder, 'back'))
      expect(await readFile(join(folder, 'back/note.txt'), 'utf8')).toBe('a note\n')
      expect((await oras('resolve', named('admin/oras:v1'))).trim()).toBe(pushed.digest)
    })

    it('attaches to an image, discovers by type, and takes all that along to another repository', async () => {
      const subject = named('admin/oras:image')
      await run('oras', 'cp', '--from-oci-layout', '--to-plain-http', `${join(folder, 'image')}:one`, subject)
      await oras('attach', '--artifact-type', 'application/x.mark', '--annotation', 'a=b', subject)
      await oras('attach', '--artifact-type', 'application/x.bill', subject, 'note.txt')
      const typesOf = async (name: string, ...options: string[]) =>
        (await json('discover', ...options, name)).referrers.map((each: { artifactType: string }) => each.artifactType)
      expect((await typesOf(subject)).toSorted()).toEqual(['application/x.bill', 'application/x.mark'])
      expect(await typesOf(subject, '--artifact-type', 'application/x.bill')).toEqual(['application/x.bill'])
      await oras('cp', '-r', subject, named('admin/taken:image'))
      expect(await typesOf(named('admin/taken:image'))).toHaveLength(2)
    })

    it('makes an index, tags, lists tags, and deletes', async () => {
      await oras('manifest index create', named('admin/oras:both'), 'v1', 'image')
      expect(JSON.parse(await oras('manifest fetch', named('admin/oras:both'))).manifests).toHaveLength(2)
      await oras('tag', named('admin/oras:both'), 'other', 'third')
      expect((await oras('repo tags', named('admin/oras'))).trim().split('\n')).toEqual([
        'both',
        'image',
        'other',
        'third',
        'v1',
      ])
      await oras('manifest delete', '--force', named('admin/oras:both'))
      expect((await oras('repo tags', named('admin/oras'))).trim().split('\n')).toEqual(['image', 'v1'])
    })

    it('pushes, fetches and deletes a blob', async () => {
      await writeFile(join(folder, 'blob'), 'bytes of a blob')
      const { digest } = JSON.parse(await oras('blob push', '--descriptor', named('admin/oras'), 'blob'))
      await oras('blob fetch', '--output', join(folder, 'fetched'), named(`admin/oras@${digest}`))
      expect(await readFile(join(folder, 'fetched'), 'utf8')).toBe('bytes of a blob')
      await oras('blob delete', '--force', named(`admin/oras@${digest}`))
      await expect(oras('blob fetch', '--output', '-', named(`admin/oras@${digest}`))).rejects.toThrow()
    })

    it('is told after a logout that it may not', async () => {
      await run('oras', 'logout', server.host)
      await expect(oras('repo tags', named('admin/oras'))).rejects.toThrow('unauthorized')
    })
  })

  describe.runIf(isInstalled('cosign') && isInstalled('oras'))('cosign', () => {
    const cosign = (...args: string[]) => run('cosign', ...args)
    const offline = ['--yes', '--key', 'cosign.key', '--use-signing-config=false', '--tlog-upload=false']
    const http = '--allow-http-registry'

    it('signs and attests by referrers alone, and verifies', async () => {
      await cosign('login', '-u', 'admin', '-p', password, server.host)
      await run(
        'oras',
        'cp',
        '--from-oci-layout',
        '--to-plain-http',
        `${join(folder, 'image')}:one`,
        named('admin/signed:v1'),
      )
      const signed = named(`admin/signed@${layout.one}`)
      await cosign('generate-key-pair')
      await cosign('sign', ...offline, http, signed)
      await writeFile(join(folder, 'predicate.json'), '{}')
      await cosign('attest', ...offline, http, '--type', 'custom', '--predicate', 'predicate.json', signed)
      const checks = ['--key', 'cosign.pub', '--insecure-ignore-tlog=true', http]
      const [claim] = JSON.parse(await cosign('verify', ...checks, signed))
      expect(claim.critical.image['docker-manifest-digest']).toBe(layout.one)
      await cosign('verify-attestation', ...checks, '--type', 'custom', signed)
      const tags = await run('oras', 'repo', 'tags', '--plain-http', named('admin/signed'))
      expect(tags.trim()).toBe('v1')
      await cosign('generate-key-pair', '--output-key-prefix', 'other')
      await expect(cosign('verify', '--key', 'other.pub', ...checks.slice(2), signed)).rejects.toThrow()
    })
  })
})
