import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Where a program is: where its name in capitals says (`ORAS=/opt/oras`), or in the PATH. Undefined where it is not. */
function find(program: string): string | undefined {
  const named = process.env[program.toUpperCase()]
  const places = named ? [named] : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program))
  return places.find((place) => existsSync(place))
}

export const isInstalled = (program: string) => find(program) !== undefined

/** Runs programs with logins and storage of their own, in a folder; resolves to what they said. */
export async function programsIn(folder: string) {
  const storage = ['driver = "vfs"', `graphroot = "${join(folder, 'storage')}"`, `runroot = "${join(folder, 'run')}"`]
  await writeFile(join(folder, 'storage.conf'), `[storage]\n${storage.join('\n')}\n`)
  const env = {
    ...process.env,
    REGISTRY_AUTH_FILE: join(folder, 'auth.json'),
    DOCKER_CONFIG: folder,
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    COSIGN_PASSWORD: '',
  }
  return async (program: string, ...args: string[]): Promise<string> => {
    const options = { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    const { stdout } = await execute(find(program) ?? program, args, options)
    return stdout
  }
}

/** The digest at the top of an OCI layout. */
export const digestIn = async (path: string) =>
  JSON.parse(await readFile(join(path, 'index.json'), 'utf8')).manifests[0].digest as string
