import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('applications-1', 'OAuth applications and their API tokens', (s) => {
  world(s, { repositories: false })
  const A = '/api/v1/organization/{acme}/applications'
  s.token('alice', 'alice:repo', 'repo:admin')
  s.get([...EVERYONE, 'alice:repo', 'admin'], A)
  s.do(EVERYONE.slice(0, 6), `POST ${A}`, { name: 'tool' })
  s.do(
    'alice',
    `POST ${A}`,
    {
      name: 'tool',
      description: 'd',
      application_uri: 'https://tool.example.com',
      redirect_uri: 'https://tool.example.com/cb',
      avatar_email: '{tool}@example.com',
    },
    { save: { id: 'client_id' } },
  )
  s.do('alice', `POST ${A}`, { name: 'tool' }, { save: { id2: 'client_id' } })
  for (const body of [{}, { name: null }, { name: 'x', description: null }, { name: 5 }, { name: '' }])
    s.do('alice', `POST ${A}`, body)
  s.get('alice', A)
  s.get(EVERYONE, `${A}/{{id}}`)
  s.get('alice', `${A}/UNKNOWN`)
  s.get(['anon', 'dave', 'alice'], '/api/v1/app/{{id}}')
  s.get('anon', '/api/v1/app/UNKNOWN')
  s.do(['guest', 'bob', 'alice'], `PUT ${A}/{{id}}`, { name: 'renamed', redirect_uri: '', application_uri: '' })
  for (const body of [{}, { name: 'x' }, { name: 'x', redirect_uri: 5, application_uri: '' }])
    s.do('alice', `PUT ${A}/{{id}}`, body)
  s.do(['guest', 'bob', 'alice'], `POST ${A}/{{id}}/resetclientsecret`)
  const T = `${A}/{{id}}/tokens`
  s.get([...EVERYONE, 'alice:repo'], T)
  s.do(EVERYONE.slice(0, 6), `POST ${T}`, { name: 't', scope: 'repo:read' })
  s.do(
    'alice',
    `POST ${T}`,
    { name: '  padded ', scope: 'repo:read,repo:write' },
    { save: { t1: 'uuid', secret: 'token' } },
  )
  s.do('alice', `POST ${T}`, { name: 'short', scope: 'user:read', expiration: 3600 })
  for (const body of [
    {},
    { name: 'x' },
    { scope: 'repo:read' },
    { name: ' ', scope: 'repo:read' },
    { name: '', scope: 'repo:read' },
    { name: 'x'.repeat(256), scope: 'repo:read' },
    { name: 'x', scope: 'nonsense' },
    { name: 'x', scope: '' },
    { name: 'x', scope: 'repo:read, repo:write' },
    { name: 'x', scope: 'repo:read', expiration: 0 },
    { name: 'x', scope: 'repo:read', expiration: -5 },
    { name: 'x', scope: 'repo:read', expiration: 'x' },
    { name: 'x', scope: 'super:user' },
  ])
    s.do('alice', `POST ${T}`, body)
  s.get('alice', T)
  s.get('anon', '/api/v1/repository?namespace={acme}', {
    headers: { authorization: 'Bearer {{secret}}' },
    note: 'with the new token',
  })
  s.do(['guest', 'bob'], `DELETE ${T}/{{t1}}`)
  s.do('alice', `DELETE ${T}/{{t1}}`)
  s.do('alice', `DELETE ${T}/{{t1}}`)
  s.get('anon', '/api/v1/repository?namespace={acme}', {
    headers: { authorization: 'Bearer {{secret}}' },
    note: 'with the revoked token',
  })
  s.get('alice', `/api/v1/organization/{alice}-apps/applications/{{id}}/tokens`)
  s.do(['guest', 'bob', 'alice', 'alice'], `DELETE ${A}/{{id2}}`)
  s.get('alice', A)
})
