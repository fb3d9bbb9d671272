import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { QuayEnv } from '../env.ts'
import { plainError, renderError } from '../errors.ts'
import { authorizeApp } from './authorizeApp.ts'
import { config } from './config.ts'
import { csrfToken } from './csrfToken.ts'

/** What Quay serves beside its API: what a browser has to know, sessions and OAuth. */
export function quaySite() {
  const site = new Hono<QuayEnv>()
  site.onError(renderError)
  site.use('/oauth/*', bodyLimit({ maxSize: 64 * 1024, onError: tooLarge }))
  site.get('/config', config)
  site.get('/csrf_token', csrfToken)
  site.post('/oauth/authorizeapp', authorizeApp)
  return site
}

const tooLarge = () => {
  throw plainError(413, 'The request is too large')
}
