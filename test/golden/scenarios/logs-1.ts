import { scenario } from '../scenario.ts'
import { EVERYONE, images, world } from '../world.ts'

export default scenario('logs-1', 'Audit logs of known actions, by repository, organization and user', (s) => {
  world(s)
  images(s)
  s.token('alice', 'alice:read', 'repo:read user:read')
  const R = '/api/v1/repository/{acme}/app'
  const O = '/api/v1/organization/{acme}'
  s.get([...EVERYONE.slice(0, 6), 'alice:read'], `${R}/logs`)
  s.get([...EVERYONE.slice(0, 6), 'alice:read'], `${O}/logs`)
  s.get(['anon', 'bad', 'guest', 'alice:read'], '/api/v1/user/logs')
  s.time('day', 86400)
  s.do('alice', `PUT ${R}/tag/moved`, { manifest_digest: '{{d1}}' })
  s.wait(1100)
  s.do('alice', `PUT ${R}/tag/moved`, { manifest_digest: '{{d2}}' })
  s.wait(1100)
  s.do('alice', `PUT ${R}/tag/moved`, { expiration: '{{day}}' })
  s.wait(1100)
  s.do('alice', `PUT ${R}/tag/v1`, { immutable: true })
  s.wait(1100)
  s.do('alice', `POST ${R}/tag/moved/restore`, { manifest_digest: '{{d1}}' })
  s.wait(1100)
  s.do('alice', `DELETE ${R}/tag/moved`)
  s.wait(1100)
  s.do('alice', `PUT ${R}`, { description: 'logged' })
  s.wait(1100)
  s.do('alice', `PUT ${R}/permissions/user/{dave}`, { role: 'read' })
  s.wait(1100)
  s.do('alice', `DELETE ${R}/permissions/user/{dave}`)
  s.wait(1100)
  s.do('alice', `POST ${R}/changevisibility`, { visibility: 'public' })
  s.wait(1100)
  s.do('alice', `POST ${R}/manifest/{{d1}}/labels`, { key: 'a', value: 'b', media_type: null })
  s.get('alice', `${R}/logs`)
  s.get('alice', `${R}/aggregatelogs`, { sort: 'aggregated' })
  s.get('alice', `${O}/logs`, { pick: ['logs.length', 'logs.0', 'logs.1', 'logs.19', 'next_page'] })
  s.get('alice', `${O}/aggregatelogs`, { sort: 'aggregated' })
  s.get('alice', `${O}/logs?performer={bob}`)
  s.get('alice', `${O}/aggregatelogs?performer={bob}`)
  s.get(['guest', 'dave'], `${R}/aggregatelogs`)
  for (const q of [
    'starttime=01/01/2020&endtime=01/05/2020',
    'starttime=2020-01-01',
    'starttime=01/05/2020&endtime=01/01/2020',
    'starttime=1/5/2020&endtime=1/4/2020',
    'next_page=garbage',
  ])
    s.get(
      'alice',
      `${R}/logs?${q}`,
      q === 'next_page=garbage' || q === 'starttime=2020-01-01' ? { pick: ['logs.length', 'logs.0.kind'] } : {},
    )
  s.get('alice', `${R}/aggregatelogs?starttime=01/01/2020&endtime=06/01/2020`)
  s.get('alice', '/api/v1/repository/{acme}/missing/logs')
  s.get('alice', '/api/v1/organization/{nobody}/logs')
})
