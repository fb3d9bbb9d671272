import { scenario } from '../scenario.ts'
import { world } from '../world.ts'

export default scenario(
  'search-1',
  'Search and entities',
  (s) => {
    world(s)
    s.do('alice', 'PUT /api/v1/organization/{acme}/robots/readbot', {})
    s.do('alice', 'POST /api/v1/repository', {
      repository: 'zebra-public',
      visibility: 'public',
      description: 'an animal with stripes',
    })
    s.do('alice', 'POST /api/v1/repository', {
      repository: 'zebra-private',
      visibility: 'private',
      description: 'hidden stripes',
    })
    const who = ['anon', 'dave', 'carol', 'alice']
    s.get(who, '/api/v1/entities/{alice}')
    s.get(who, '/api/v1/entities/read?namespace={acme}&includeTeams=true')
    s.get(['dave', 'alice'], '/api/v1/entities/{acme}?namespace={acme}&includeOrgs=true&includeTeams=true')
    s.get('alice', '/api/v1/entities/{alice}?namespace={acme}')
    s.get('alice', '/api/v1/entities/{search1}')
    s.get('alice', '/api/v1/entities/zzzz-none')
    s.get(who, '/api/v1/find/all?query=zebra')
    s.get(who, '/api/v1/find/all?query={acme}')
    s.get(who, '/api/v1/find/all?query=readers', { sort: 'results' })
    s.get('alice', '/api/v1/find/all?query=readbot')
    s.get(['anon', 'alice'], '/api/v1/find/all')
    s.get(['anon', 'alice'], '/api/v1/find/all?query=zzzz-none')
    s.get(who, '/api/v1/find/repositories?query=zebra')
    s.get('alice', '/api/v1/find/repositories?query=stripes')
    s.get('alice', '/api/v1/find/repositories?query={alice}/zebra')
    s.get('alice', '/api/v1/find/repositories?query={acme}/')
    s.get('alice', '/api/v1/find/repositories?query=zebra&includeUsage=true')
    for (const q of ['page=2', 'page=0', 'page=99', 'page=abc'])
      s.get('alice', `/api/v1/find/repositories?query=zebra&${q}`)
    s.do(['guest', 'alice'], 'POST /api/v1/entities/link/{bob}')
  },
  { fresh: true },
)
