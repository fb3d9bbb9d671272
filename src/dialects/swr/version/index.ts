import { Hono } from 'hono'
import type { SwrEnv } from '../env.ts'
import { renderError, SwrError } from '../errors.ts'

/** The one version of the API; whoever asks is told. */
function version(url: string) {
  return {
    id: 'v2',
    links: { href: new URL('/v2', url).href, rel: 'self' },
    version: '2.26',
    min_version: '2.0',
    status: 'CURRENT',
    updated: '2018-07-06T06:18:55Z',
  }
}

/** The lists of versions. Browsers, which ask `/` for a page, are left to what comes after. */
export function versionRoutes() {
  const app = new Hono<SwrEnv>()
  app.onError(renderError)
  app.get('/', async (c, next) => {
    if (c.req.header('accept')?.includes('text/html')) return next()
    return c.json({ versions: [version(c.req.url)] })
  })
  app.get('/v2', (c) => c.json({ version: version(c.req.url) }))
  app.get('/:version{v[0-9.]+}', (c) => {
    throw new SwrError('4040083', `there is no version ${c.req.param('version')}`)
  })
  return app
}
