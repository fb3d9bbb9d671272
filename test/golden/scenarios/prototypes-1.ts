import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('prototypes-1', 'Default permissions: create, list, change, delete, refusals', (s) => {
  world(s, { repositories: false })
  const P = '/api/v1/organization/{acme}/prototypes'
  const team = (role: unknown, name: unknown = 'readers') => ({ role, delegate: { kind: 'team', name } })
  s.token('alice', 'alice:admin', 'repo:admin')
  s.get([...EVERYONE, 'alice:admin', 'admin'], P)
  s.do([...EVERYONE.slice(0, 6), 'alice:admin'], `POST ${P}`, team('read'))
  s.do('alice', `POST ${P}`, team('read'), { save: { p1: 'id' } })
  s.do('alice', `POST ${P}`, team('read'), { note: 'a duplicate' })
  s.do('alice', 'PUT /api/v1/organization/{acme}/robots/ci', {})
  s.do(
    'alice',
    `POST ${P}`,
    {
      role: 'write',
      delegate: { kind: 'user', name: '{acme}+ci', is_robot: true },
      activating_user: { name: '{bob}' },
    },
    { save: { p2: 'id' } },
  )
  s.do('alice', `POST ${P}`, {
    role: 'admin',
    delegate: { kind: 'user', name: '{dave}' },
    activating_user: { name: '{alice}' },
  })
  for (const body of [
    {},
    { role: 'read' },
    { delegate: { kind: 'team', name: 'readers' } },
    team('owner'),
    { role: 'read', delegate: { kind: 'team' } },
    { role: 'read', delegate: { name: 'x' } },
    { role: 'read', delegate: { kind: 'robot', name: 'x' } },
    { role: 'read', delegate: { kind: 'user', name: '{nobody}' } },
    { ...team('read'), activating_user: { name: '{nobody}' } },
    { ...team('read'), activating_user: null },
    { ...team('read'), activating_user: {} },
    'text',
  ])
    s.do('alice', `POST ${P}`, body)
  s.do('alice', `POST ${P}`, team('read', 'none'))
  s.do('dave', `POST ${P}`, {})
  s.get('alice', P)
  s.do(EVERYONE.slice(0, 6), `PUT ${P}/{{p1}}`, { role: 'write' })
  s.do('alice', `PUT ${P}/{{p1}}`, { role: 'admin' })
  for (const body of [{}, { role: 'x' }, { role: null }]) s.do('alice', `PUT ${P}/{{p1}}`, body)
  s.do('alice', `PUT ${P}/00000000-0000-4000-8000-000000000000`, { role: 'read' })
  s.do('alice', `DELETE ${P}/unknown`)
  s.do(EVERYONE.slice(0, 6), `DELETE ${P}/{{p1}}`)
  s.do('alice', `DELETE ${P}/{{p1}}`)
  s.do('alice', `DELETE ${P}/{{p1}}`)
  s.get('alice', P)
  s.get('alice', '/api/v1/organization/{alice}/prototypes')
  s.get('alice', '/api/v1/organization/{nobody}/prototypes')
})
