import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The files of a folder, as Workers' static assets serve them: pages without `.html`, and with the headers of `_headers`. */
export async function publicFiles(folder: string): Promise<(request: Request) => Promise<Response | undefined>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && extname(entry.name) in types)
    .map((entry) => join(entry.parentPath, entry.name))
  const byPath = new Map(files.map((file) => [file.slice(folder.length).replace(/\.html$/, ''), file]))
  const headers = parseHeaders(await readFile(join(folder, '_headers'), 'utf8'))
  return async ({ method, url }) => {
    const path = new URL(url).pathname
    const file = method === 'GET' || method === 'HEAD' ? byPath.get(path) : undefined
    if (!file) return undefined
    const type = { 'content-type': types[extname(file)] ?? '' }
    return new Response(await readFile(file), { headers: { ...type, ...headers.get(path) } })
  }
}

/** Paths, each with the headers that stand indented below it. */
function parseHeaders(text: string): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>()
  let current: Record<string, string> = {}
  for (const line of text.split('\n').filter(Boolean)) {
    const [, name, value] = /^\s+([^:]+):\s*(.*)$/.exec(line) ?? []
    if (name && value !== undefined) current[name] = value
    else {
      current = {}
      found.set(line.trim(), current)
    }
  }
  return found
}
