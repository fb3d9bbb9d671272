import { eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { deliverMail } from '../../../../src/domain/mail/deliverMail.ts'
import { account, emailCode, outgoingMail } from '../../../../src/store/schema.ts'
import { Browser } from '../../../support/browser.ts'
import { createWorld, origin, password, type World } from '../../../support/world.ts'

const settings = { FEATURE_MAILING: true }
const eve = { username: 'eve', password: 'a-good-password', email: 'eve@example.com' }
const newPassword = 'another-password'

/** The path that the last mail leads to. */
async function linkOf(world: World): Promise<string> {
  await world.settle()
  const [link = ''] = /^http.*code=.*$/m.exec(world.mails.at(-1)?.text ?? '') ?? []
  expect(link.startsWith(`${origin}/`), link).toBe(true)
  return link.slice(origin.length)
}

/** What the form behind a link does. */
async function follow(browser: Browser, link: string, fields: Record<string, string> = {}) {
  const shown = await browser.request('GET', link)
  await browser.open()
  const url = new URL(origin + link)
  const sent = await browser.submit(url.pathname, { code: url.searchParams.get('code') ?? '', ...fields })
  return { shown, sent }
}

const recover = async (world: World, email: string) => {
  const browser = await new Browser(world).open()
  const response = await browser.request('POST', '/api/v1/recovery', { email })
  await world.settle()
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}
const kinds = async (world: World) => (await world.events()).map(({ kind }) => kind)
const isSigned = async (world: World, name: string, typed: string) =>
  (await new Browser(world).signIn(name, typed)).status

describe('who signs up', () => {
  it('confirms the address by what was sent there, then signs in', async () => {
    const world = await createWorld({ settings })
    const browser = await new Browser(world).open()
    await browser.request('POST', '/api/v1/user/', eve)
    const link = await linkOf(world)
    expect(world.mails).toMatchObject([{ to: 'eve@example.com', subject: 'Quayside: confirm your e-mail address' }])
    expect(await isSigned(world, 'eve', eve.password)).toBe(403)

    const { shown, sent } = await follow(new Browser(world), link)
    expect([shown.status, sent.status]).toEqual([200, 200])
    expect(await shown.text()).toContain('eve@example.com')
    expect(await isSigned(world, 'eve', eve.password)).toBe(200)
    expect((await follow(new Browser(world), link)).sent.status).toBe(400)
    expect(await kinds(world)).toEqual(['user_create', 'login_success'])
  })

  it('does not by a link that is looked at, nor by one that is a week old', async () => {
    const world = await createWorld({ settings })
    await (await new Browser(world).open()).request('POST', '/api/v1/user/', eve)
    const link = await linkOf(world)
    await new Browser(world).request('GET', link)
    expect(await isSigned(world, 'eve', eve.password)).toBe(403)
    world.tick(7 * 24 * 60 * 60 * 1000)
    expect((await follow(new Browser(world), link)).sent.status).toBe(400)
  })

  it('by a superuser has to as well', async () => {
    const world = await createWorld({ settings })
    const made = await world
      .as('admin')
      .request('POST', '/api/v1/superuser/users/', { username: 'eve', email: eve.email })
    expect(made.status).toBe(200)
    await follow(new Browser(world), await linkOf(world))
    expect(await isSigned(world, 'eve', ((await made.json()) as { password: string }).password)).toBe(200)
  })
})

describe('who changes their address', () => {
  const change = async (email: string) => {
    const world = await createWorld({ settings })
    const response = await world.as('dave').request('PUT', '/api/v1/user/', { email })
    expect(await response.json()).toMatchObject({ email: 'dave@example.com' })
    return world
  }

  it('has it once they confirm it', async () => {
    const world = await change('new@example.com')
    const link = await linkOf(world)
    expect(world.mails.at(-1)?.to).toBe('new@example.com')
    expect((await follow(new Browser(world), link)).sent.status).toBe(200)
    expect(await world.as('dave').get('/api/v1/user/')).toMatchObject({ email: 'new@example.com', verified: true })
    expect(await world.events()).toMatchObject([
      { kind: 'user_change_email', metadata: { email: 'new@example.com', old_email: 'dave@example.com' } },
    ])
  })

  it('can confirm the last one only, and none that somebody else has by then', async () => {
    const world = await change('first@example.com')
    const first = await linkOf(world)
    await world.as('dave').request('PUT', '/api/v1/user/', { email: 'second@example.com' })
    const second = await linkOf(world)
    expect((await follow(new Browser(world), first)).sent.status).toBe(400)
    await world.store.batch([
      world.store.update(account).set({ email: 'second@example.com' }).where(eq(account.username, 'bob')),
    ])
    expect((await follow(new Browser(world), second)).sent.status).toBe(400)
    expect(await world.as('dave').get('/api/v1/user/')).toMatchObject({ email: 'dave@example.com' })
    expect(await kinds(world)).toEqual([])
  })
})

describe('recovery', () => {
  it('sets a new password, and ends sessions, waits and other links', async () => {
    const world = await createWorld({ settings })
    const before = new Browser(world)
    await before.signIn('dave')
    expect(await recover(world, 'dave@example.com')).toEqual({ status: 200, answer: { status: 'sent' } })
    const link = await linkOf(world)
    expect(world.mails).toMatchObject([{ to: 'dave@example.com' }])
    await isSigned(world, 'dave', 'wrong-password')

    const browser = new Browser(world)
    const { shown, sent } = await follow(browser, link, { password: newPassword })
    expect([shown.status, sent.status, sent.headers.get('location')]).toEqual([200, 303, '/signin'])
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await (await browser.request('GET', '/api/v1/user/')).json()).toMatchObject({ username: 'dave' })
    expect((await before.request('GET', '/api/v1/user/')).status).toBe(401)
    expect(await isSigned(world, 'dave', newPassword)).toBe(200)
    expect((await follow(new Browser(world), link, { password: 'yet-another-one' })).sent.status).toBe(400)
    expect(await kinds(world)).toEqual(['login_success', 'account_change_password', 'login_success'])
    await world.settle()
    expect(world.mails.at(-1)?.subject).toBe('Quayside: your password was changed')
  })

  it.each<{ case: string; password?: string; after?: (world: World) => Promise<unknown> }>([
    { case: 'a password too short', password: 'short' },
    { case: 'a link that is too old', after: async (world) => world.tick(30 * 60 * 1000) },
    {
      case: 'a link after the password was changed',
      after: (world) => world.as('dave').request('PUT', '/api/v1/user/', { password: 'changed-meanwhile' }),
    },
    {
      case: 'a link of a user who is shut out',
      after: (world) => world.as('admin').request('PUT', '/api/v1/superuser/users/dave', { enabled: false }),
    },
    {
      case: 'an older link than the last',
      after: async (world) => {
        world.tick(60_000)
        return recover(world, 'dave@example.com')
      },
    },
  ])('refuses $case', async ({ password: typed = newPassword, after }) => {
    const world = await createWorld({ settings })
    await recover(world, 'dave@example.com')
    const link = await linkOf(world)
    await after?.(world)
    const { sent } = await follow(new Browser(world), link, { password: typed })
    expect(sent.status).toBe(400)
    expect(await isSigned(world, 'dave', typed)).toBe(403)
  })

  it.each(['', 'x', btoa('x'), btoa('unknown:unknown'), btoa('::')])('knows no code %j', async (code) => {
    const world = await createWorld({ settings })
    for (const page of ['recovery', 'confirm']) {
      const response = await new Browser(world).request('GET', `/${page}?code=${encodeURIComponent(code)}`)
      expect([page, response.status]).toEqual([page, 400])
    }
  })

  it('does not take the code of one purpose for another', async () => {
    const world = await createWorld({ settings })
    await recover(world, 'dave@example.com')
    const forRecovery = (await linkOf(world)).replace('/recovery', '/confirm')
    await world.as('dave').request('PUT', '/api/v1/user/', { email: 'new@example.com' })
    const forAddress = (await linkOf(world)).replace('/confirm', '/recovery')
    expect((await follow(new Browser(world), forRecovery)).sent.status).toBe(400)
    expect((await follow(new Browser(world), forAddress, { password: newPassword })).sent.status).toBe(400)
  })

  it('says the same of an address that nobody has, and sends nothing', async () => {
    const world = await createWorld({ settings })
    for (const email of ['nobody@example.com', 'no address', ''])
      expect(await recover(world, email)).toEqual({ status: 200, answer: { status: 'sent' } })
    expect(world.mails).toEqual([])
  })

  it('can be asked for on a page, which the sign-in page leads to', async () => {
    const world = await createWorld({ settings })
    const browser = await new Browser(world).open()
    expect(await (await browser.request('GET', '/signin')).text()).toContain('href="/recovery"')
    expect(await (await browser.request('GET', '/recovery')).text()).toContain('name="email"')
    const pages: string[] = []
    for (const email of ['dave@example.com', 'none@example.com']) {
      const response = await browser.submit('/recovery', { email })
      expect(response.status).toBe(200)
      pages.push((await response.text()).replaceAll(email, ''))
    }
    expect(pages[0]).toBe(pages[1])
    await world.settle()
    expect(world.mails.map(({ to }) => to)).toEqual(['dave@example.com'])
    expect(await (await (await createWorld()).as('nobody').request('GET', '/signin')).text()).not.toContain('/recovery')
  })

  it('tells of organizations, which have no password', async () => {
    const world = await createWorld({ settings })
    expect(await recover(world, 'acme@example.com')).toEqual({
      status: 200,
      answer: { status: 'org', orgemail: 'acme@example.com', orgname: 'a••e' },
    })
    expect(world.mails).toMatchObject([{ to: 'acme@example.com', text: expect.stringContaining('acme: alice') }])
    expect(world.mails[0]?.text).not.toContain('code=')
  })

  it('tells of both in one mail', async () => {
    const world = await createWorld({ settings })
    await world.arrange('alice', ['PUT /api/v1/organization/acme', { email: 'dave@example.com' }])
    expect((await recover(world, 'dave@example.com')).answer).toEqual({ status: 'sent' })
    expect(world.mails).toHaveLength(1)
    expect(world.mails[0]?.text).toMatch(/acme: alice/)
    expect(world.mails[0]?.text).toMatch(/recovery\?code=/)
  })

  it('sends one mail a minute, however often it is asked', async () => {
    const world = await createWorld({ settings })
    for (let i = 0; i < 3; i++) {
      await recover(world, 'dave@example.com')
      await recover(world, 'acme@example.com')
    }
    expect(world.mails).toHaveLength(2)
    world.tick(60_000)
    await recover(world, 'dave@example.com')
    expect(world.mails).toHaveLength(3)
  })

  it('works where nobody may look around without a login, and writes nothing where the registry only reads', async () => {
    const closed = await createWorld({ settings: { ...settings, FEATURE_ANONYMOUS_ACCESS: false } })
    expect((await recover(closed, 'dave@example.com')).status).toBe(200)
    const link = await linkOf(closed)
    expect((await follow(new Browser(closed), link, { password: newPassword })).sent.status).toBe(303)
    const frozen = await createWorld({ settings: { ...settings, REGISTRY_STATE: 'readonly' } })
    expect((await recover(frozen, 'dave@example.com')).status).toBe(503)
    expect(frozen.mails).toEqual([])
  })

  it('is there while there is mail only, and wants its CSRF token', async () => {
    const off = await createWorld()
    expect((await recover(off, 'dave@example.com')).status).toBe(404)
    for (const page of ['recovery', 'confirm', 'confirminvite'])
      expect((await off.as('nobody').request('GET', `/${page}?code=x`)).status).toBe(404)
    const on = await createWorld({ settings })
    expect((await on.as('nobody').request('POST', '/api/v1/recovery', { email: 'dave@example.com' })).status).toBe(403)
    await recover(on, 'dave@example.com')
    const code = new URL(origin + (await linkOf(on))).searchParams.get('code') ?? ''
    const forged = new URLSearchParams({ code, password: newPassword }).toString()
    const form = on.client({ 'content-type': 'application/x-www-form-urlencoded' })
    expect((await form.request('POST', '/recovery', forged)).status).toBe(403)
    expect(await isSigned(on, 'dave', password)).toBe(200)
  })
})

describe('sendInstallUserRecoveryEmail', () => {
  const send = async (name: string, as: 'admin' | 'auditor' | 'dave' = 'admin') => {
    const world = await createWorld({ settings })
    const response = await world.as(as).request('POST', `/api/v1/superusers/users/${name}/sendrecovery`)
    return { world, response }
  }

  it('sends a user the link', async () => {
    const { world, response } = await send('dave')
    expect([response.status, await response.json()]).toEqual([200, { email: 'dave@example.com' }])
    expect((await follow(new Browser(world), await linkOf(world), { password: newPassword })).sent.status).toBe(303)
    expect(await isSigned(world, 'dave', newPassword)).toBe(200)
  })

  it.each([
    { case: 'a superuser', name: 'admin', as: 'admin', status: 400 },
    { case: 'nobody', name: 'nosuch', as: 'admin', status: 404 },
    { case: 'an organization', name: 'acme', as: 'admin', status: 404 },
    { case: 'a user, for who is no superuser', name: 'bob', as: 'dave', status: 403 },
    { case: 'a user, for a read-only superuser', name: 'bob', as: 'auditor', status: 403 },
  ] as const)('refuses to send one to $case', async ({ name, as, status }) => {
    const { world, response } = await send(name, as)
    expect(response.status).toBe(status)
    await world.settle()
    expect(world.mails).toEqual([])
  })
})

describe('an invitation', () => {
  const readers = '/api/v1/organization/acme/team/readers'

  it.each([
    { answer: 'accept', says: 'You are in the team readers of acme.', status: 200 },
    { answer: 'decline', says: 'The invitation is gone.', status: 404 },
  ])('that came by mail can be answered: $answer', async ({ answer, says, status }) => {
    const world = await createWorld({ settings })
    await world.arrange('alice', `PUT ${readers}/members/dave`)
    const link = await linkOf(world)
    expect(world.mails.at(-1)).toMatchObject({ to: 'dave@example.com', subject: 'Quayside: join acme' })
    const browser = new Browser(world)
    expect((await browser.request('GET', link)).status).toBe(401)
    await browser.signIn('dave')
    const { shown, sent } = await follow(browser, link, { answer })
    expect(await shown.text()).toContain('alice invites you into the team <strong>readers</strong>')
    expect([sent.status, await sent.text()]).toEqual([200, expect.stringContaining(says)])
    expect((await world.as('alice').request('GET', '/api/v1/organization/acme/members/dave')).status).toBe(status)
    expect((await follow(browser, link, { answer })).sent.status).toBe(400)
  })

  it('goes to addresses that are some, and to nobody twice', async () => {
    const world = await createWorld({ settings })
    await world.arrange('alice', `PUT ${readers}/invite/new@example.com`, `PUT ${readers}/invite/new@example.com`)
    for (const email of ['nonsense', 'a@b.cd%0d%0aBcc:%20x@y.z', 'a@b.cd,x@y.z'])
      expect((await world.as('alice').request('PUT', `${readers}/invite/${email}`)).status).toBe(400)
    await world.settle()
    expect(world.mails.map(({ to }) => to)).toEqual(['new@example.com'])
  })

  it('is not for others to answer', async () => {
    const world = await createWorld({ settings })
    await world.arrange('alice', `PUT ${readers}/members/dave`)
    const link = await linkOf(world)
    const browser = new Browser(world)
    await browser.signIn('admin')
    expect((await follow(browser, link, { answer: 'accept' })).sent.status).toBe(400)
    expect((await world.as('alice').request('GET', '/api/v1/organization/acme/members/dave')).status).toBe(404)
  })
})

describe('mail', () => {
  it('waits sealed, is tried again, later each time, and is given up at last', async () => {
    const world = await createWorld({ settings })
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    let isDown = true
    const sent: string[] = []
    const postman = {
      ...world.services,
      mailer: {
        send: async ({ to }: { to: string }) => {
          if (isDown) throw new Error('down')
          sent.push(to)
        },
      },
    }
    const waiting = async () => (await world.store.batch([world.store.select().from(outgoingMail)]))[0]
    const browser = world.client({ cookie: (await new Browser(world).open()).cookie }, postman)
    const { csrf_token } = await browser.get<{ csrf_token: string }>('/csrf_token')
    const ask = (email: string) =>
      browser.request('POST', '/api/v1/recovery', { email }, { 'x-csrf-token': csrf_token })
    await ask('dave@example.com')
    await world.settle()
    const [row] = await waiting()
    const [[code]] = await world.store.batch([world.store.select().from(emailCode)])
    expect(JSON.stringify(row)).not.toMatch(/dave|recovery/)
    expect(JSON.stringify(row)).not.toContain(code?.lookup)
    await deliverMail(postman)
    expect(await waiting()).toMatchObject([{ attempts: 1 }])
    isDown = false
    world.tick(60_000 * 2)
    await Promise.all([deliverMail(postman), deliverMail(postman)])
    expect([sent, await waiting()]).toEqual([['dave@example.com'], []])

    isDown = true
    await ask('bob@example.com')
    await world.settle()
    for (let i = 0; i < 8; i++) {
      world.tick(24 * 60 * 60 * 1000)
      await deliverMail(postman)
    }
    expect(await waiting()).toEqual([])
    expect(sent).toHaveLength(1)
    expect(complaint).toHaveBeenCalledWith('a mail was not sent', 'down')
    complaint.mockRestore()
  })

  it.each([
    { case: 'no way to send it is set up', change: { mailer: undefined } },
    { case: 'no host is configured for its links', change: { hostless: true } },
  ])('is refused in words where $case, and nothing is done', async ({ change }) => {
    const world = await createWorld({ settings })
    const { services } = world
    const at = {
      ...services,
      ...('mailer' in change && { mailer: undefined }),
      ...('hostless' in change && { settings: { ...services.settings, SERVER_HOSTNAME: '' } }),
    }
    const { cookie, csrf = '' } = await new Browser(world).open()
    const browser = world.client({ cookie, 'x-csrf-token': csrf }, at)
    const admin = world.client({ authorization: `Bearer ${world.tokens.admin}` }, at)
    const dave = world.client({ authorization: `Bearer ${world.tokens.dave}` }, at)
    const alice = world.client({ authorization: `Bearer ${world.tokens.alice}` }, at)
    const refused = [
      await browser.request('POST', '/api/v1/recovery', { email: 'dave@example.com' }),
      await browser.request('POST', '/api/v1/user/', eve),
      await admin.request('POST', '/api/v1/superusers/users/dave/sendrecovery'),
      await dave.request('PUT', '/api/v1/user/', { email: 'new@example.com' }),
      await alice.request('PUT', '/api/v1/organization/acme/team/readers/invite/new@example.com'),
    ]
    for (const response of refused) {
      expect([response.status, await response.json()]).toMatchObject([
        400,
        {
          error_type: 'invalid_request',
          error_message: 'E-mail is switched on, but no way to send it is set up',
        },
      ])
    }
    expect(await world.events()).toEqual([])
    expect((await world.as('nobody').request('GET', '/api/v1/users/eve')).status).toBe(404)
    // Who is known here finds an invitation in the console, too.
    const invited = await alice.request('PUT', '/api/v1/organization/acme/team/readers/members/dave')
    expect(await invited.json()).toMatchObject({ invited: true })
  })
})
