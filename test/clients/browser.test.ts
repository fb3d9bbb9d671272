import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Server, startServer } from './server.ts'

const password = 'long-enough-1'
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

let server: Server
let browser: Browser
let page: Page
let base: string
const complaints: string[] = []

describe.runIf(existsSync(executablePath))('a browser', () => {
  beforeAll(async () => {
    server = await startServer(password)
    base = `http://${server.host}`
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('console', (message) => {
      // Statuses are for the tests to look at; what else a browser complains of is a fault of the page.
      const isStatus = message.text().startsWith('Failed to load resource')
      if (message.type() === 'error' && !isStatus) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** What a script does: a request with the session's cookie and CSRF token. The console's own pages let no script do it. */
  const ask = async (method: string, path: string, body: unknown) => {
    await page.goto(`${base}/csrf_token`)
    return page.evaluate(
      async ([verb, target, sent]) => {
        const { csrf_token } = (await (await fetch('/csrf_token')).json()) as { csrf_token: string }
        const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf_token }
        const response = await fetch(target, { method: verb, headers, body: JSON.stringify(sent) })
        return { status: response.status, body: (await response.json()) as { client_id: string } }
      },
      [method, path, body] as const,
    )
  }

  it('is asked to sign in, told of a wrong password, and comes back to where it was', async () => {
    await page.goto(`${base}/oauth/localapp`)
    await page.getByLabel('User name or e-mail address').fill('admin')
    await page.getByLabel('Password').fill('not-the-password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert').textContent()).resolves.toContain('Invalid Username or Password')
    await new Promise((done) => setTimeout(done, 600))
    await page.getByLabel('User name or e-mail address').fill('admin')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${base}/oauth/localapp`)
    expect(await page.getByRole('heading').textContent()).toBe('Cancelled')
    expect(complaints).toEqual([])
  })

  it('gets a token with the scopes that were agreed to, and uses it', async () => {
    expect(await ask('POST', '/api/v1/organization/', { name: 'browsers' })).toMatchObject({ status: 201 })
    const { body: app } = await ask('POST', '/api/v1/organization/browsers/applications', { name: 'console' })
    const query = new URLSearchParams({
      client_id: app.client_id,
      redirect_uri: `${base}/oauth/localapp`,
      response_type: 'token',
      scope: 'repo:read user:read',
    })
    await page.goto(`${base}/oauth/authorize?${query}`)
    expect(await page.getByRole('listitem').allTextContents()).toEqual([
      expect.stringContaining('View all visible repositories'),
      expect.stringContaining('Read User Information'),
    ])
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.waitForURL(/\/oauth\/localapp$/)
    const token = (await page.locator('#token').textContent()) ?? ''
    expect(token).toMatch(/^[A-Za-z0-9]{40}$/)
    await page.goto(`${base}/csrf_token`)
    const user = await page.evaluate(async (bearer) => {
      return (await fetch('/api/v1/user/', { headers: { authorization: `Bearer ${bearer}` } })).json()
    }, token)
    expect(user).toMatchObject({ username: 'admin' })
    expect(user).not.toHaveProperty('email')
    expect(complaints).toEqual([])
  })

  it('can say no', async () => {
    const { body: app } = await ask('POST', '/api/v1/organization/browsers/applications', { name: 'other' })
    const query = new URLSearchParams({
      client_id: app.client_id,
      redirect_uri: `${base}/oauth/localapp`,
      response_type: 'token',
      scope: 'super:user',
    })
    await page.goto(`${base}/oauth/authorize?${query}`)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForURL(`${base}/oauth/localapp?error=authorization_denied`)
    expect(complaints).toEqual([])
  })
})
