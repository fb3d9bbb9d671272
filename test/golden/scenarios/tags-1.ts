import { scenario } from '../scenario.ts'
import { EVERYONE, images, world } from '../world.ts'

export default scenario('tags-1', 'Tags: listing, filters, paging, who may look', (s) => {
  world(s)
  images(s)
  s.push('alice', '{acme}/pub:v1', { layers: ['public'] })
  s.token('alice', 'alice:read', 'repo:read')
  s.token('alice', 'alice:user', 'user:read')
  s.token('alice', 'alice:org', 'org:admin')
  const list = '/api/v1/repository/{acme}/app/tag/'
  s.get([...EVERYONE, 'alice:read', 'alice:user', 'alice:org', 'admin'], list)
  s.get([...EVERYONE, 'alice:user', 'admin'], '/api/v1/repository/{acme}/pub/tag/')
  s.get(['anon', 'dave', 'alice'], '/api/v1/repository/{acme}/missing/tag/')
  s.get(['anon', 'alice', 'admin'], '/api/v1/repository/{nobody}/missing/tag/')
  for (const q of [
    'limit=2',
    'limit=2&page=2',
    'limit=2&page=3',
    'limit=0',
    'limit=-3&page=-1',
    'limit=500',
    'page=0',
    'page=99',
    'limit=abc',
    'page=',
    'page=1.5',
    'limit=%202',
    'specificTag=v1',
    'specificTag=V1',
    'specificTag=none',
    'specificTag=',
    'specificTag=v1&onlyActiveTags=true',
    'filter_tag_name=like:v',
    'filter_tag_name=like:V',
    'filter_tag_name=like:l%25t',
    'filter_tag_name=like:v_',
    'filter_tag_name=like:',
    'filter_tag_name=eq:v2',
    'filter_tag_name=eq:V2',
    'filter_tag_name=foo:v2',
    'filter_tag_name=random',
    'filter_tag_name=',
    'filter_tag_name=eq:a:b',
    'onlyActiveTags=true',
    'onlyActiveTags=no',
    'onlyActiveTags=0',
    'onlyActiveTags=',
    'tag=v1',
    'specificTag=v1&specificTag=v2',
    'filter_tag_name=like:v&specificTag=v2&limit=1',
  ])
    s.get('alice', `${list}?${q}`)
  s.get('dave', `${list}?limit=abc`)
  s.get('anon', `${list}?filter_tag_name=random`)
  s.do('alice', `HEAD ${list}`)
  s.do('anon', `OPTIONS ${list}`, undefined, { cors: true })
  s.do(['anon', 'alice'], `POST ${list}`, {})
  s.get('alice', '/api/v1/repository/{acme}/app/tag')
})
