import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('robots-1', 'Robots of an organization', (s) => {
  world(s)
  const R = '/api/v1/organization/{acme}/robots'
  s.token('alice', 'alice:repo', 'repo:admin')
  s.token('alice', 'alice:orgonly', 'org:admin')
  s.do(EVERYONE.slice(0, 6), `PUT ${R}/ci`, {})
  s.do('alice', `PUT ${R}/ci`, undefined, { note: 'no body' })
  s.do('alice', `PUT ${R}/ci`, {})
  s.do('alice', `PUT ${R}/cd`, { description: 'deploys', unstructured_metadata: { team: 'x', n: 1 } })
  s.do('alice', `PUT ${R}/under_score`, { description: '' })
  for (const [name, body] of [
    ['UP', {}],
    ['a', {}],
    ['a__b', {}],
    ['-a', {}],
    ['long', { description: 'x'.repeat(256) }],
    ['bad', { description: 5 }],
    ['bad', { unstructured_metadata: 'x' }],
    ['bad', { unstructured_metadata: [] }],
  ])
    s.do('alice', `PUT ${R}/${name}`, body)
  s.do('alice', `PUT ${R}/raw`, undefined, { raw: '{bad' })
  s.get([...EVERYONE, 'alice:repo', 'alice:orgonly', 'admin'], R, { sort: 'robots' })
  for (const q of ['token=false', 'permissions=true', 'permissions=true&token=false', 'limit=1', 'limit=abc'])
    s.get(['carol', 'alice'], `${R}?${q}`, { sort: 'robots', ...(q === 'limit=1' ? { pick: ['robots.length'] } : {}) })
  s.get([...EVERYONE], `${R}/cd`)
  s.get('alice', `${R}/none`)
  s.do('alice', 'PUT /api/v1/repository/{acme}/app/permissions/user/{acme}+cd', { role: 'write' })
  s.do('alice', 'PUT /api/v1/organization/{acme}/team/readers/members/{acme}+cd', {})
  s.get('alice', `${R}?permissions=true&token=false`, { sort: 'robots' })
  s.get([...EVERYONE, 'alice:orgonly'], `${R}/cd/permissions`)
  s.get('alice', `${R}/none/permissions`)
  s.do(EVERYONE.slice(0, 6), `POST ${R}/cd/regenerate`)
  s.do('alice', `POST ${R}/cd/regenerate`)
  s.do('alice', `POST ${R}/none/regenerate`)
  s.get('alice', `${R}/cd`)
  s.get(EVERYONE.slice(2), `${R}/ci/federation`)
  s.do('alice', `POST ${R}/ci/federation`, [{ issuer: 'https://issuer.example.com', subject: 'sub', isExpanded: true }])
  for (const body of [
    [{}],
    [{ issuer: 'ftp://x', subject: 's' }],
    [
      { issuer: 'https://a', subject: 's' },
      { issuer: 'https://a', subject: 's' },
    ],
    {},
    'x',
  ])
    s.do('alice', `POST ${R}/ci/federation`, body)
  s.get('alice', `${R}/ci/federation`)
  s.do('alice', `DELETE ${R}/ci/federation`)
  s.get('alice', `${R}/ci/federation`)
  s.do(EVERYONE.slice(0, 6), `DELETE ${R}/ci`)
  s.do('alice', `DELETE ${R}/ci`)
  s.do('alice', `DELETE ${R}/ci`)
  s.get('alice', '/api/v1/organization/{nobody}/robots')
  s.get('alice', '/api/v1/organization/{alice}/robots/x')
})
