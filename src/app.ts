import { Hono } from 'hono'
import type { Result } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'
import { getPath } from 'hono/utils/url'
import { ociDialect } from './dialects/oci/index.ts'
import { ociPath } from './dialects/oci/paths.ts'
import { quayBase, quayDialect, quayPath } from './dialects/quay/index.ts'
import { quaySite } from './dialects/quay/site/index.ts'
import { swrDialect } from './dialects/swr/index.ts'
import { openApiText } from './documents/openapi.ts'
import { recent } from './recent.ts'
import type { Services } from './services.ts'

/** The whole registry: three dialects over one domain. Its Services come with each request, as the bindings. */
export function createApp() {
  const app = new Hono<{ Bindings: Services }>({ getPath: routedPath, router: new RecentRouter() })
  app.route(quayBase, quayDialect())
  app.route('/', swrDialect())
  app.route('/', quaySite())
  app.get('/openapi.json', (c) => c.body(openApiText(), 200, { 'Content-Type': 'application/json' }))
  app.route('/v2/', ociDialect())
  app.notFound((c) => c.json({ message: 'Not Found' }, 404))
  return app
}

/** Clients ask for the same things over and over: what was matched lately is not matched again. */
class RecentRouter<T> extends TrieRouter<T> {
  private readonly matched = recent<Result<T>>((request) => {
    const space = request.indexOf(' ')
    return super.match(request.slice(0, space), request.slice(space + 1))
  })

  override match(method: string, path: string): Result<T> {
    return this.matched(`${method} ${path}`)
  }
}

/** The path as the router is to see it: names of repositories, which may hold slashes, become one segment. */
function routedPath(request: Request, { env }: { env?: Services } = {}): string {
  const path = getPath(request)
  if (env && path.startsWith(`${quayBase}/`)) return quayBase + quayPath(request.method, path, env.settings)
  return path.startsWith('/v2/') && !path.startsWith('/v2/manage/') ? ociPath(path) : path
}
