import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { QuayEnv } from '../env.ts'
import { plainError, renderError } from '../errors.ts'
import { accessToken } from './accessToken.ts'
import { assignUser } from './assignUser.ts'
import { authorize } from './authorize.ts'
import { authorizeApp } from './authorizeApp.ts'
import { config } from './config.ts'
import { confirm, confirmPage } from './confirm.ts'
import { answerInvitation, invitationPage } from './confirmInvite.ts'
import { csrfToken } from './csrfToken.ts'
import { denyApp } from './denyApp.ts'
import { federatedRobotToken } from './federatedRobotToken.ts'
import { getPublishedKey } from './getPublishedKey.ts'
import { listPublishedKeys } from './listPublishedKeys.ts'
import { localApp } from './localApp.ts'
import { recover, recoveryPage } from './recovery.ts'
import { signInPage, submitSignIn } from './signIn.ts'

/**
 * What Quay serves beside its API: what a browser has to know, sessions, what mail links to, OAuth, and the keys that sign
 * tokens.
 */
export function quaySite() {
  const site = new Hono<QuayEnv>()
  site.onError(renderError)
  const small = bodyLimit({ maxSize: 64 * 1024, onError: tooLarge })
  site.get('/config', config)
  site.get('/csrf_token', csrfToken)
  site.get('/signin', signInPage)
  site.post('/signin', small, submitSignIn)
  site.get('/recovery', recoveryPage)
  site.post('/recovery', small, recover)
  site.get('/confirm', confirmPage)
  site.post('/confirm', small, confirm)
  site.get('/confirminvite', invitationPage)
  site.post('/confirminvite', small, answerInvitation)
  site.get('/oauth/authorize', authorize)
  site.post('/oauth/authorizeapp', small, authorizeApp)
  site.post('/oauth/authorize/assignuser', small, assignUser)
  site.post('/oauth/access_token', small, accessToken)
  site.post('/oauth/denyapp', small, denyApp)
  site.get('/oauth/localapp', localApp)
  site.get('/oauth2/federation/robot/token', federatedRobotToken)
  site.get('/keys/services/:service/keys', listPublishedKeys)
  site.get('/keys/services/:service/keys/:kid', getPublishedKey)
  return site
}

const tooLarge = () => {
  throw plainError(413, 'The request is too large')
}
