import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { QuayEnv } from '../env.ts'
import { plainError, renderError } from '../errors.ts'
import { authorizeApp } from './authorizeApp.ts'
import { csrfToken } from './csrfToken.ts'

/** What Quay serves beside its API: sessions and OAuth, for browsers. */
export function quaySite() {
  const site = new Hono<QuayEnv>()
  site.onError(renderError)
  site.use('/oauth/*', bodyLimit({ maxSize: 64 * 1024, onError: tooLarge }))
  site.get('/csrf_token', csrfToken)
  site.post('/oauth/authorizeapp', authorizeApp)
  return site
}

const tooLarge = () => {
  throw plainError(413, 'The request is too large')
}
