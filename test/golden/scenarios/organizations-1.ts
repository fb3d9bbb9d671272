import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('organizations-1', 'Organizations: create, look, change, delete', (s) => {
  world(s)
  const O = '/api/v1/organization/{acme}'
  s.token('alice', 'alice:user', 'user:admin')
  s.token('alice', 'alice:org', 'org:admin')
  s.token('alice', 'alice:repo', 'repo:admin repo:create')
  s.get([...EVERYONE, 'alice:user', 'alice:org', 'alice:repo', 'admin'], O)
  s.get('alice', '/api/v1/organization/{nobody}')
  s.get('alice', '/api/v1/organization/{alice}')
  const make = (name: unknown, more: object = {}) => ({ name, ...more })
  s.do(['anon', 'bad', 'guest', 'alice:org', 'alice:repo'], 'POST /api/v1/organization/', make('{second}'))
  s.do('alice:user', 'POST /api/v1/organization/', make('{second}'))
  s.do(
    'dave',
    'POST /api/v1/organization/',
    make('{third}', { email: '{third}@example.com', contact_email: '{better}@example.com' }),
  )
  s.get('dave', '/api/v1/organization/{third}')
  s.get('alice', '/api/v1/organization/{second}')
  for (const body of [
    make('{acme}'),
    make('{alice}'),
    make('A'),
    make('a'),
    make('Upper'),
    make('a__b'),
    make('-x'),
    make('x'.repeat(256)),
    make('{fourth}', { email: 'nonsense' }),
    make('{fourth}', { email: '{dave}@example.com' }),
    {},
    { name: 5 },
    make('{fourth}', { email: null }),
  ])
    s.do('alice', 'POST /api/v1/organization/', body)
  s.do(EVERYONE, `PUT ${O}`, { email: '{new}@example.com' })
  s.do('alice:repo', `PUT ${O}`, {})
  for (const body of [
    {},
    { email: 'bad' },
    { email: '' },
    { contact_email: '{c}@example.com' },
    { contact_email: null },
    { invoice_email: true },
    { invoice_email_address: '{i}@example.com' },
    { invoice_email_address: '' },
    { tag_expiration_s: 0 },
    { tag_expiration_s: 86400 },
    { tag_expiration_s: 100 },
    { tag_expiration_s: -1 },
    { tag_expiration_s: 'x' },
    { invoice_email: 'x' },
    { unknown: 1 },
  ])
    s.do('alice', `PUT ${O}`, body)
  s.do('alice', 'PUT /api/v1/organization/{nobody}', {})
  s.get('alice', O)
  s.get(EVERYONE, `${O}/members`, { sort: 'members' })
  s.get(EVERYONE.slice(2), `${O}/collaborators`)
  s.get(['dave', 'alice'], `${O}/members/{bob}`)
  s.get('alice', `${O}/members/{dave}`)
  s.get('alice', `${O}/members/{nobody}`)
  s.do('alice', 'PUT /api/v1/repository/{acme}/app/permissions/user/{dave}', { role: 'read' })
  s.get('alice', `${O}/collaborators`)
  s.do(['guest', 'carol', 'alice'], `DELETE ${O}/members/{bob}`)
  s.do('alice', `DELETE ${O}/members/{dave}`)
  s.do('alice', `DELETE ${O}/members/{nobody}`)
  s.do('alice', `DELETE ${O}/members/{alice}`)
  s.get('alice', `${O}/members`, { sort: 'members' })
  s.do(['guest', 'dave', 'bob'], `DELETE ${O}`)
  s.do('alice', `DELETE ${O}`)
  s.get('alice', O)
  s.do('alice', `DELETE ${O}`)
  s.do('alice', 'POST /api/v1/organization/', make('{acme}'))
  s.get('alice', '/api/v1/repository/{acme}/app')
})
