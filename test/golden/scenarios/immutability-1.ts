import { scenario } from '../scenario.ts'
import { EVERYONE, images, world } from '../world.ts'

export default scenario('immutability-1', 'Immutability policies of an organization and a repository', (s) => {
  world(s)
  images(s)
  for (const base of [
    '/api/v1/organization/{acme}/immutabilitypolicy/',
    '/api/v1/repository/{acme}/app/immutabilitypolicy/',
  ]) {
    s.get(EVERYONE, base)
    s.do(EVERYONE.slice(0, 6), `POST ${base}`, { tagPattern: 'v[0-9]' })
    s.do('alice', `POST ${base}`, { tagPattern: ' v[0-9]+ ' }, { save: { p: 'uuid' } })
    s.do('alice', `POST ${base}`, { tagPattern: 'v[0-9]+', tagPatternMatches: false })
    for (const body of [
      {},
      { tagPattern: '' },
      { tagPattern: '  ' },
      { tagPattern: '[' },
      { tagPattern: 'x'.repeat(257) },
      { tagPattern: 5 },
      { tagPattern: null },
      { tagPattern: 'a', tagPatternMatches: 'x' },
    ])
      s.do('alice', `POST ${base}`, body)
    s.do('alice', `POST ${base}`, { tagPattern: 'release-.*' }, { save: { p2: 'uuid' } })
    s.get('alice', base)
    s.get(EVERYONE.slice(2), `${base}{{p}}`)
    s.get('alice', `${base}00000000-0000-4000-8000-000000000000`)
    s.do(['guest', 'bob', 'alice'], `PUT ${base}{{p2}}`, { tagPattern: 'rel-.*' })
    s.do('alice', `PUT ${base}{{p2}}`, { tagPattern: 'v[0-9]+' })
    s.do('alice', `PUT ${base}{{p2}}`, {})
    s.do('alice', `PUT ${base}unknown`, { tagPattern: 'x' })
    s.do(['guest', 'bob', 'alice', 'alice'], `DELETE ${base}{{p2}}`)
  }
  s.get('alice', '/api/v1/repository/{acme}/app/tag/')
  s.do('alice', 'DELETE /api/v1/repository/{acme}/app/tag/v1')
  s.push('alice', '{acme}/app:v9', { layers: ['nine'] })
  s.push('alice', '{acme}/app:v9', { layers: ['other'] })
  s.get('alice', '/api/v1/repository/{acme}/app/tag/?specificTag=v9')
  s.get('alice', '/api/v1/repository/{acme}/app/logs', { pick: ['logs.0.kind', 'logs.length'] })
})
