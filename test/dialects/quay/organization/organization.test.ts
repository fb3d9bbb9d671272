import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { account } from '../../../../src/store/schema.ts'
import { refusal } from '../../../support/refusal.ts'
import { createWorld, everyScope, type Person } from '../../../support/world.ts'

const acme = '/api/v1/organization/acme'

describe('createOrganization', () => {
  it.each<{ case: string; as: Person | 'nobody'; scope?: string; body: unknown; status: number; detail?: string }>([
    { case: 'creates with no address', as: 'dave', body: { name: 'dunder' }, status: 201 },
    { case: 'creates with an address', as: 'dave', body: { name: 'dunder', email: 'd@example.com' }, status: 201 },
    { case: 'needs user:admin only', as: 'dave', scope: 'user:admin', body: { name: 'dunder' }, status: 201 },
    { case: 'refuses org:admin alone', as: 'dave', scope: 'org:admin', body: { name: 'dunder' }, status: 403 },
    { case: 'refuses repo:read alone', as: 'dave', scope: 'repo:read', body: { name: 'dunder' }, status: 403 },
    { case: 'refuses nobody, as a forged request', as: 'nobody', body: { name: 'dunder' }, status: 403 },
    {
      case: 'refuses the name of an organization',
      as: 'dave',
      body: { name: 'acme' },
      status: 400,
      detail: 'A user or organization with this name already exists',
    },
    {
      case: 'refuses the name of a user',
      as: 'dave',
      body: { name: 'bob' },
      status: 400,
      detail: 'A user or organization with this name already exists',
    },
    {
      case: 'refuses a bad address',
      as: 'dave',
      body: { name: 'dunder', email: 'nonsense' },
      status: 400,
      detail: 'Invalid email address',
    },
    {
      case: "refuses a user's address",
      as: 'dave',
      body: { name: 'dunder', email: 'bob@example.com' },
      status: 400,
      detail: 'Email has already been used: bob@example.com',
    },
    {
      case: "takes another organization's address",
      as: 'dave',
      body: { name: 'dunder', email: 'acme@example.com' },
      status: 201,
    },
    {
      case: 'refuses a short name',
      as: 'dave',
      body: { name: 'a' },
      status: 400,
      detail: 'Invalid namespace a: Namespace must be between 2 and 255 characters in length',
    },
    {
      case: 'refuses a name with doubled separators',
      as: 'dave',
      body: { name: 'a__b' },
      status: 400,
      detail: 'Invalid namespace a__b: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$',
    },
    { case: 'wants a name', as: 'dave', body: {}, status: 400, detail: "'name' is a required property" },
    {
      case: 'wants a name that is text',
      as: 'dave',
      body: { name: 5 },
      status: 400,
      detail: "5 is not of type 'string'",
    },
  ])('$case', async ({ as, scope, body, status, detail }) => {
    const world = await createWorld()
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)

    const response = await client.request('POST', '/api/v1/organization/', body)

    expect(response.status).toBe(status)
    const answer = (await response.json()) as { detail?: string }
    if (status === 201) expect(answer).toBe('Created')
    if (detail) expect(answer.detail).toBe(detail)
    const events = await world.events()
    expect(events.map(({ kind }) => kind)).toEqual(status === 201 ? ['org_create'] : [])
    const view = await world.as('dave').request('GET', '/api/v1/organization/dunder')
    expect(view.status).toBe(status === 201 ? 200 : 404)
    if (status === 201) expect(await view.json()).toMatchObject({ is_admin: true, ordered_teams: ['owners'] })
  })
})

describe('getOrganization', () => {
  const stranger = { is_admin: false, is_member: false, email: '' }
  const admin = { is_admin: true, is_member: true, email: 'acme@example.com', tag_expiration_s: 1_209_600 }
  it.each<{ case: string; as: Person | 'nobody'; scope?: string; sees: object; views: string[] }>([
    { case: 'shows nobody the name only', as: 'nobody', sees: stranger, views: [] },
    { case: 'shows a stranger the name only', as: 'dave', sees: stranger, views: [] },
    { case: 'shows a superuser the name only', as: 'admin', sees: stranger, views: [] },
    {
      case: 'shows a member all teams, their own to look into',
      as: 'carol',
      sees: { is_admin: false, is_member: true, email: '' },
      views: ['readers'],
    },
    { case: 'shows an owner everything', as: 'alice', sees: admin, views: ['owners', 'writers', 'readers'] },
    {
      case: 'shows a read-only superuser everything',
      as: 'auditor',
      sees: admin,
      views: ['owners', 'writers', 'readers'],
    },
    {
      case: 'shows an owner by a token without reach the name only',
      as: 'alice',
      scope: 'user:admin',
      sees: stranger,
      views: [],
    },
    {
      case: 'shows an owner by a token that may create what a member sees',
      as: 'alice',
      scope: 'repo:create',
      sees: { is_admin: false, is_member: true, email: '' },
      views: ['owners', 'writers', 'readers'],
    },
  ])('$case', async ({ as, scope, sees, views }) => {
    const world = await createWorld()
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)
    world.meter.reset()

    const view = await client.get<{ teams?: Record<string, { can_view: boolean }> }>(acme)

    if (!scope) expect(world.meter.roundTrips).toBe(1)
    expect(view).toMatchObject({ name: 'acme', ...sees })
    const teams = Object.entries(view.teams ?? {})
    expect(teams.filter(([, team]) => team.can_view).map(([name]) => name)).toEqual(views)
    expect('tag_expiration_s' in view).toBe('tag_expiration_s' in sees)
  })

  it.each(['nosuch', 'alice', 'acme+robot'])('knows no organization called %s', async (name) => {
    const world = await createWorld()
    const response = await world.as('alice').request('GET', `/api/v1/organization/${name}`)
    expect(response.status).toBe(404)
  })

  it('says what its teams hold', async () => {
    const world = await createWorld()
    const { teams } = await world.as('alice').get<{ teams: Record<string, unknown> }>(acme)
    expect(teams.readers).toEqual({
      name: 'readers',
      description: '',
      role: 'member',
      avatar: {
        name: 'readers',
        hash: 'e2257349c139799fafab4f3e96e068da96773117c4f108f122343ddb19a249ed',
        color: '#ff7f0e',
        kind: 'team',
      },
      can_view: true,
      repo_count: 2,
      member_count: 1,
      is_synced: false,
    })
  })
})

describe('changeOrganizationDetails', () => {
  it.each<{
    case: string
    as?: Person | 'nobody'
    body: unknown
    status?: number
    text?: string
    shows?: object
    kinds?: string[]
  }>([
    { case: 'changes nothing for an empty body', body: {}, kinds: [] },
    { case: 'ignores keys that it does not know', body: { unknown: 1 }, kinds: [] },
    {
      case: 'changes the address',
      body: { email: 'new@example.com' },
      shows: { email: 'new@example.com' },
      kinds: ['org_change_email'],
    },
    { case: 'says nothing of an address that stays', body: { email: 'acme@example.com' }, kinds: [] },
    {
      case: 'prefers the contact address',
      body: { email: 'a@example.com', contact_email: 'b@example.com' },
      shows: { email: 'b@example.com' },
      kinds: ['org_change_email'],
    },
    {
      case: 'takes the address away by no text',
      body: { email: '' },
      shows: { email: '' },
      kinds: ['org_change_email'],
    },
    {
      case: 'takes the address away by null',
      body: { contact_email: null },
      shows: { email: '' },
      kinds: ['org_change_email'],
    },
    {
      case: "takes a user's address",
      body: { email: 'bob@example.com' },
      shows: { email: 'bob@example.com' },
      kinds: ['org_change_email'],
    },
    {
      case: 'refuses a bad address',
      body: { email: 'bad', invoice_email: true },
      status: 400,
      text: 'Invalid email address',
      shows: { invoice_email: false },
    },
    {
      case: 'turns invoices on',
      body: { invoice_email: true },
      shows: { invoice_email: true },
      kinds: ['org_change_invoicing'],
    },
    {
      case: 'sets where invoices go',
      body: { invoice_email_address: 'i@example.com' },
      shows: { invoice_email_address: 'i@example.com' },
      kinds: ['org_change_invoicing'],
    },
    {
      case: 'takes no text as no address',
      body: { invoice_email_address: '' },
      shows: { invoice_email_address: null },
      kinds: [],
    },
    {
      case: 'lets tags go at once',
      body: { tag_expiration_s: 0 },
      shows: { tag_expiration_s: 0 },
      kinds: ['org_change_tag_expiration'],
    },
    {
      case: 'refuses an expiration that is no option',
      body: { tag_expiration_s: 100, invoice_email: true },
      status: 400,
      text: 'Invalid tag expiration option',
      shows: { invoice_email: false },
    },
    { case: 'refuses an absurd expiration', body: { tag_expiration_s: 1e20 }, status: 400 },
    {
      case: 'refuses a negative expiration',
      body: { tag_expiration_s: -1 },
      status: 400,
      text: '-1 is less than the minimum of 0',
    },
    {
      case: 'checks the body before the caller',
      as: 'dave',
      body: { invoice_email: 'x' },
      status: 400,
      text: "'x' is not of type 'boolean'",
    },
    { case: 'refuses a member', as: 'bob', body: {}, status: 403 },
    { case: 'refuses a stranger', as: 'dave', body: {}, status: 403 },
    { case: 'refuses a superuser', as: 'admin', body: {}, status: 403 },
    { case: 'refuses a read-only superuser', as: 'auditor', body: {}, status: 403 },
  ])('$case', async ({ as = 'alice', body, status = 200, text, shows = {}, kinds = [] }) => {
    const world = await createWorld()

    const response = await world.as(as).request('PUT', acme, body)

    expect(world.meter.roundTrips).toBeLessThanOrEqual(2)
    expect(response.status).toBe(status)
    const answer = await response.json<Record<string, unknown>>()
    if (text) expect(answer.detail ?? answer.message).toBe(text)
    const view = await world.as('alice').get(acme)
    if (status === 200) expect(answer).toEqual(view)
    expect(view).toMatchObject(shows)
    expect((await world.events()).map(({ kind }) => kind)).toEqual(kinds)
  })

  it('finds no organization in the caller’s own name', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('PUT', '/api/v1/organization/alice', {})).status).toBe(404)
    expect((await world.as('alice').request('PUT', '/api/v1/organization/nosuch', {})).status).toBe(403)
  })

  it('lets a superuser with full access change what is not theirs', async () => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    const superuser = await world.withScope('admin', `${everyScope} super:user`)
    expect((await superuser.request('PUT', acme, { email: 'new@example.com' })).status).toBe(200)
    expect((await superuser.request('PUT', '/api/v1/organization/nosuch', {})).status).toBe(404)
  })
})

describe('deleteAdminedOrganization', () => {
  it.each<[Person | 'nobody', string | undefined, number]>([
    ['alice', undefined, 204],
    ['alice', 'repo:admin', 403],
    ['bob', undefined, 403],
    ['dave', undefined, 403],
    ['admin', undefined, 403],
    ['auditor', undefined, 403],
    ['nobody', undefined, 403],
  ])('by %s with %s is %i', async (who, scope, status) => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${acme}/robots/ci`)
    const client = scope ? await world.withScope(who as Person, scope) : world.as(who)
    expect((await client.request('DELETE', acme)).status).toBe(status)
    expect(await world.kindsSince(1)).toEqual(status === 204 ? ['org_delete'] : [])
    expect((await world.as('nobody').request('GET', acme)).status).toBe(status === 204 ? 404 : 200)
    const { store } = world
    const [robots, reserved] = await store.batch([
      store.select().from(account).where(eq(account.kind, 'robot')),
      store.select().from(account).where(eq(account.deletedName, 'acme')),
    ])
    expect([robots.length, reserved.length]).toEqual(status === 204 ? [0, 1] : [1, 0])
  })
})

it('keeps the name of a deleted organization', async () => {
  const world = await createWorld()
  const dunder = '/api/v1/organization/dunder'
  await world.arrange('dave', ['POST /api/v1/organization/', { name: 'dunder' }], `DELETE ${dunder}`)
  const dave = world.as('dave')
  expect((await dave.request('DELETE', dunder)).status).toBe(403)
  const again = await dave.request('POST', '/api/v1/organization/', { name: 'dunder' })
  expect([again.status, await refusal(again)]).toEqual([400, 'Username is not available'])
})
