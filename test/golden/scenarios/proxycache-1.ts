import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('proxycache-1', 'Proxy cache configuration of an organization', (s) => {
  world(s, { repositories: false })
  const P = '/api/v1/organization/{acme}/proxycache'
  s.get([...EVERYONE, 'admin'], P)
  s.do(EVERYONE.slice(0, 6), `POST ${P}`, { upstream_registry: '93.184.216.34' })
  for (const body of [
    {},
    { upstream_registry: null },
    { upstream_registry: 5 },
    { upstream_registry: '127.0.0.1' },
    { upstream_registry: 'localhost' },
    { upstream_registry: '169.254.169.254/x' },
    { upstream_registry: '10.0.0.1/lib' },
    { upstream_registry: '[::1]' },
  ])
    s.do('alice', `POST ${P}`, body)
  for (const upstream_registry of ['registry.internal', 'a.local/x', 'no-such-host.invalid'])
    s.do('alice', `POST ${P}`, { upstream_registry }, { status: true, note: 'the text depends on the name service' })
  s.do('alice', `POST ${P}`, {
    upstream_registry: '93.184.216.34/library',
    expiration_s: 3600,
    insecure: true,
    extra: 1,
    upstream_registry_username: 'u',
    upstream_registry_password: 'p',
  })
  s.do('alice', `POST ${P}`, { upstream_registry: '93.184.216.34' })
  s.do('alice', 'POST /api/v1/organization/{acme}/validateproxycache', { upstream_registry: '93.184.216.34' })
  s.get(['dave', 'carol', 'alice'], P)
  s.do(['guest', 'carol', 'alice', 'alice'], `DELETE ${P}`)
  s.get('alice', P)
  s.do(['guest', 'carol'], 'POST /api/v1/organization/{acme}/validateproxycache', { upstream_registry: 'x' })
  s.do('alice', 'POST /api/v1/organization/{acme}/validateproxycache', { upstream_registry: '127.0.0.1' })
  s.get('alice', '/api/v1/organization/{nobody}/proxycache')
  s.get('alice', '/api/v1/organization/{acme}/logs', {
    pick: ['logs.0.kind', 'logs.0.metadata', 'logs.1.kind', 'logs.1.metadata'],
  })
})
