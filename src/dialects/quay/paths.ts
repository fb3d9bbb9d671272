/**
 * Paths in which `{repository}` spans slashes. Quay recognises what follows a repository's name from the end of the path,
 * longer paths first, so that `a/b/tag/` can be a tag list while `a/b/nosuch` is a repository called `b/nosuch`.
 */
export interface Operation {
  method: string
  /** As in the OpenAPI document: `/repository/{repository}/tag/{tag}`. */
  path: string
}

interface Pattern<O extends Operation> {
  operation: O
  method: string
  path: string
  expression: RegExp
  /** What stands before and behind the first parameter: a path without these needs no further look. */
  start: string
  middle: string
  segments: number
}

const parameter: Record<string, string> = {
  repository: '([^/]+(?:/[^/]+)+)',
  manifestref: '([A-Za-z0-9_+.-]+:[A-Fa-f0-9]+)',
}

function compile<O extends Operation>(operation: O): Pattern<O> {
  const { method, path } = operation
  const expression = path
    .replace(/\/$/, '/?')
    .replace(/[.+]/g, '\\$&')
    .replace(/\{(\w+)\}/g, (_, name: string) => parameter[name] ?? '([^/]+)')
  const [start = '', middle = ''] = path.replace(/\/$/, '').split(/\{\w+\}/)
  return {
    operation,
    method: method.toUpperCase(),
    path,
    expression: new RegExp(`^${expression}$`),
    start,
    middle,
    segments: path.split('/').length,
  }
}

export interface PathTable<O extends Operation = Operation> {
  /**
   * The path as the router knows it: a repository is one segment, and a slash at the end is as the route has it. A GET of
   * what is not offered may still name a repository.
   */
  canonical(method: string, path: string, isOffered?: (operation: O) => boolean): string
  /** Every method that some operation takes at this path, of those that are offered. */
  methods(path: string, isOffered?: (operation: O) => boolean): string[]
}

/** @param operations all operations of the dialect, with paths below its base */
export function pathTable<O extends Operation>(operations: readonly O[]): PathTable<O> {
  const patterns = operations.map(compile).sort((a, b) => b.segments - a.segments)
  const fits = ({ expression, start, middle }: Pattern<O>, path: string) =>
    path.startsWith(start) && path.includes(middle) && expression.test(path)
  const find = (method: string, path: string, isOffered: (operation: O) => boolean) =>
    patterns.find((pattern) => pattern.method === method && fits(pattern, path) && isOffered(pattern.operation))

  return {
    canonical(method, path, isOffered = () => true) {
      const raw = path.replace(/%2f/gi, '/')
      const reads = method === 'GET' || method === 'HEAD'
      const pattern =
        (reads ? find('GET', raw, isOffered) : find(method, raw, () => true)) ??
        patterns.find((pattern) => fits(pattern, raw))
      if (!pattern) return path
      if (pattern.path === '/repository/{repository}' && isSlashedTag(method, raw)) return '/nothing'
      const values = pattern.expression.exec(raw)?.slice(1) ?? []
      return pattern.path.replace(/\{\w+\}/g, () => (values.shift() ?? '').replaceAll('/', '%2F'))
    },
    methods(path, isOffered = () => true) {
      const raw = path.replace(/%2f/gi, '/')
      const here = patterns.filter((pattern) => fits(pattern, raw) && isOffered(pattern.operation))
      const found = new Set(here.map(({ method }) => method))
      if (found.size === 0) return []
      if (found.has('GET')) found.add('HEAD')
      return [...found.add('OPTIONS')].sort()
    },
  }
}

/** A tag with a slash in it must never be taken for a repository: deleting it would delete somebody's repository. */
const isSlashedTag = (method: string, path: string) =>
  (method === 'PUT' || method === 'DELETE') && /^\/repository\/[^/]+\/.+\/tag\/[^/]+\/./.test(path)
