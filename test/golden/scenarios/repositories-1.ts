import { scenario } from '../scenario.ts'
import { EVERYONE, images, world } from '../world.ts'

export default scenario('repositories-1', 'Repositories: create, list, get', (s) => {
  world(s)
  images(s)
  s.do('alice', 'PUT /api/v1/organization/{acme}/team/makers', { role: 'creator' })
  s.users('erin')
  s.do('alice', 'PUT /api/v1/organization/{acme}/team/makers/members/{erin}', {})
  s.token('alice', 'alice:create', 'repo:create')
  s.token('alice', 'alice:admin', 'repo:admin')
  s.token('alice', 'alice:org', 'org:admin')
  s.token('alice', 'alice:user', 'user:read')
  const make = (body: object = {}) => ({ repository: 'thing', visibility: 'private', description: 'd', ...body })
  s.do(
    ['anon', 'bad', 'guest', 'dave', 'carol', 'erin', 'admin', 'alice'],
    'POST /api/v1/repository',
    make({ namespace: '{acme}', repository: 'shared' }),
  )
  s.do(['guest', 'dave', 'alice'], 'POST /api/v1/repository', make())
  s.do(['alice:admin', 'alice:user'], 'POST /api/v1/repository', make({ repository: 'scoped' }))
  s.do('alice:create', 'POST /api/v1/repository', make({ repository: 'scoped1' }))
  s.do('alice:org', 'POST /api/v1/repository', make({ repository: 'scoped2' }))
  s.do('alice', 'POST /api/v1/repository', make({ repository: 'open', visibility: 'public', repo_kind: 'image' }))
  s.do('alice', 'POST /api/v1/repository', make({ repository: 'nulls', repo_kind: null, description: '' }))
  for (const body of [
    { visibility: 'weird' },
    { description: null },
    { repo_kind: 'application' },
    { repo_kind: 'x' },
    { repository: 'UPPER' },
    { repository: '-a' },
    { repository: '_a' },
    { repository: '.a' },
    { repository: 'a|b' },
    { repository: 'a//b' },
    { repository: '/a' },
    { repository: 'a/' },
    { repository: '' },
    { repository: 5 },
    { namespace: 7 },
    { namespace: '{nobody}' },
    { namespace: '{dave}' },
    { repository: 'a'.repeat(256) },
    { visibility: null },
  ])
    s.do('alice', 'POST /api/v1/repository', make(body))
  s.do('alice', 'POST /api/v1/repository', { repository: 'x', visibility: 'public' })
  s.do('alice', 'POST /api/v1/repository', {})
  s.do('dave', 'POST /api/v1/repository', { namespace: '{acme}' })
  for (const name of [
    'a/b',
    'n1/n2/n3',
    'foo.bar',
    'foo-bar',
    'foo_bar',
    'logs',
    'build',
    'tokens',
    'a'.repeat(255),
    '0',
    'a..b',
    'a__b',
    'a-',
  ])
    s.do('alice', 'POST /api/v1/repository', make({ repository: name }))
  s.get('alice', '/api/v1/repository/{alice}/a/b')
  s.get('alice', '/api/v1/repository/{alice}/logs')
  s.get(['anon', 'dave', 'alice'], '/api/v1/repository')
  s.get('anon', '/api/v1/repository?starred=true')
  for (const q of [
    'public=true',
    'public=true&namespace={acme}',
    'namespace={acme}',
    'namespace={alice}',
    'namespace={nobody}',
  ])
    s.get(
      q.startsWith('public=true') && !q.includes('name') ? [] : ['anon', 'dave', 'carol', 'bob', 'alice'],
      `/api/v1/repository?${q}`,
    )
  s.get('alice', '/api/v1/repository?namespace={acme}&last_modified=true&popularity=true')
  s.get('alice', '/api/v1/repository?namespace={acme}&repo_kind=foo')
  s.get('alice', '/api/v1/repository?namespace={acme}&next_page=garbage')
  s.get('alice:user', '/api/v1/repository?namespace={acme}')
  s.get([...EVERYONE, 'alice:user', 'alice:org', 'admin'], '/api/v1/repository/{acme}/app?includeTags=false')
  s.get(['anon', 'bad', 'dave', 'carol', 'bob', 'alice'], '/api/v1/repository/{acme}/pub')
  s.get('alice', '/api/v1/repository/{acme}/app')
  s.get('alice', '/api/v1/repository/{acme}/app?includeStats=true', {
    pick: ['name', 'stats.0.count', 'stats.0.date', 'stats.length'],
  })
  s.get(['anon', 'dave', 'alice'], '/api/v1/repository/{acme}/missing')
  s.get('alice', '/api/v1/repository/{alice}/missing')
})
