import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, temporary, watched } from '../leaving.ts'
import { freePort, isUp } from '../ports.ts'
import { mustSend, type Target } from '../request.ts'
import { pushImage } from '../seed.ts'
import { type Peer, sharedRepository, sharedTags } from './peer.ts'

/** The registries that are installed here, and those that the options name, filled with the same as ours. */
export async function startPeers(urls: readonly string[]): Promise<Peer[]> {
  const peers = urls.map(peerAt)
  if (spawnSync('docker-registry', ['--version']).error === undefined) peers.unshift(await startDockerRegistry())
  for (const peer of peers) await fill(peer)
  return peers
}

/** Debian's package of distribution/distribution: files in a folder, nobody asked who they are, its cache in memory. */
async function startDockerRegistry(): Promise<Peer> {
  const folder = temporary(mkdtempSync(join(tmpdir(), 'quayside-peer-')))
  const port = await freePort()
  const file = join(folder, 'config.yml')
  writeFileSync(
    file,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${join(folder, 'data')} }
  cache: { blobdescriptor: inmemory }
  delete: { enabled: true }
http: { addr: 127.0.0.1:${port} }
`,
  )
  const child = watched(spawn('docker-registry', ['serve', file], { stdio: 'ignore' }))
  const target = { port, host: `127.0.0.1:${port}`, pid: child.pid }
  await isUp(target, '/v2/')
  const [version = ''] = execFileSync('docker-registry', ['--version'], { encoding: 'utf8' }).trim().split('\n')
  return {
    name: 'docker-registry',
    description: version.replace(/^\S+ /, 'docker-registry '),
    target,
    headers: {},
    async stop() {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** `http://[user:password@]127.0.0.1:5000`, a registry that somebody else runs. */
function peerAt(text: string): Peer {
  const { protocol, hostname, port, host, username, password } = new URL(text)
  if (protocol !== 'http:') throw new Error('a peer is named by an http:// address')
  const login = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const target: Target = { port: Number(port || 80), host, address: hostname }
  const headers: Record<string, string> = username ? { authorization: `Basic ${login}` } : {}
  return { name: host, description: host, target, headers, stop: async () => {} }
}

/** Two images, and tags on the first one: what seed.ts puts into ours. */
async function fill({ target, headers }: Peer): Promise<void> {
  const images = await pushImages(target, headers)
  const pushes = Array.from({ length: sharedTags - 2 }, (_, i) => `t${i + 1}`)
  const worker = async () => {
    for (let tag = pushes.pop(); tag; tag = pushes.pop()) {
      await mustSend(target, { method: 'PUT', path: `/v2/${sharedRepository}/manifests/${tag}`, ...images })
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

async function pushImages(target: Target, headers: Record<string, string>) {
  await pushImage(target, sharedRepository, 'first', headers)
  await pushImage(target, sharedRepository, 'second', headers)
  const accept = { ...headers, accept: 'application/vnd.oci.image.manifest.v1+json' }
  const { body, headers: said } = await mustSend(target, {
    path: `/v2/${sharedRepository}/manifests/first`,
    headers: accept,
  })
  return { body, headers: { ...headers, 'content-type': said['content-type'] ?? '' } }
}
