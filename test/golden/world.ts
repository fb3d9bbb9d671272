import type { Builder } from './scenario.ts'

/** Every kind of caller, weakest first. `guest` is an anonymous browser with a CSRF token; `bad` an unknown bearer token. */
export const EVERYONE = ['anon', 'bad', 'guest', 'dave', 'carol', 'bob', 'alice']
export const MEMBERS = ['carol', 'bob', 'alice']
export const SETUP = { status: true, note: 'set-up' }

/**
 * alice owns organization {acme}; bob is in team `writers`, carol in `readers`, dave is a stranger.
 * {acme}/app is private, {acme}/pub public; the teams have write and read on both.
 */
export function world(
  s: Builder,
  { repositories = true, users = ['alice', 'bob', 'carol', 'dave'] }: { repositories?: boolean; users?: string[] } = {},
) {
  s.users(...users)
  s.do('alice', 'POST /api/v1/organization/', { name: '{acme}', email: '{acme}@example.com' }, SETUP)
  s.do('alice', 'PUT /api/v1/organization/{acme}/team/readers', { role: 'member', description: 'may look' }, SETUP)
  s.do('alice', 'PUT /api/v1/organization/{acme}/team/writers', { role: 'member' }, SETUP)
  if (users.includes('carol')) s.do('alice', 'PUT /api/v1/organization/{acme}/team/readers/members/{carol}', {}, SETUP)
  if (users.includes('bob')) s.do('alice', 'PUT /api/v1/organization/{acme}/team/writers/members/{bob}', {}, SETUP)
  if (!repositories) return
  for (const [name, visibility] of [
    ['app', 'private'],
    ['pub', 'public'],
  ]) {
    s.do(
      'alice',
      'POST /api/v1/repository',
      { namespace: '{acme}', repository: name, visibility, description: `the ${name}` },
      SETUP,
    )
    s.do('alice', `PUT /api/v1/repository/{acme}/${name}/permissions/team/readers`, { role: 'read' }, SETUP)
    s.do('alice', `PUT /api/v1/repository/{acme}/${name}/permissions/team/writers`, { role: 'write' }, SETUP)
  }
}

/** Three images in {acme}/app: v1 and latest on {{d1}}, v2 on {{d2}}, rc-3 on {{d3}}. Pushed a little apart so that order by time is certain. */
export function images(s: Builder, repository = '{acme}/app') {
  s.push('alice', `${repository}:v1`, { layers: ['base', 'one'] }, { save: { d1: 'digest' } })
  s.wait(1100)
  s.push(
    'alice',
    `${repository}:v2`,
    { layers: ['base', 'two'], labels: { maintainer: 'golden', 'build.date': 'today' } },
    { save: { d2: 'digest' } },
  )
  s.wait(1100)
  s.push(
    'bob',
    `${repository}:rc-3`,
    { layers: ['three'], media: 'oci', annotations: { note: 'annotated' } },
    { save: { d3: 'digest' } },
  )
  s.wait(1100)
  s.push('alice', `${repository}:latest`, { layers: ['base', 'one'] })
}
