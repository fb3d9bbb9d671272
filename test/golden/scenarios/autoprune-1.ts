import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('autoprune-1', 'Auto-prune policies of an organization and a repository', (s) => {
  world(s)
  for (const base of [
    '/api/v1/organization/{acme}/autoprunepolicy/',
    '/api/v1/repository/{acme}/app/autoprunepolicy/',
  ]) {
    s.get(EVERYONE, base)
    s.do(EVERYONE.slice(0, 6), `POST ${base}`, { method: 'number_of_tags', value: 10 })
    s.do('alice', `POST ${base}`, { method: 'number_of_tags', value: 10 }, { save: { p: 'uuid' } })
    s.do('alice', `POST ${base}`, { method: 'number_of_tags', value: 10 })
    s.do(
      'alice',
      `POST ${base}`,
      { method: 'creation_date', value: '5d', tagPattern: ' ^v ', tagPatternMatches: false },
      { save: { p2: 'uuid' } },
    )
    for (const body of [
      {},
      { method: 'number_of_tags' },
      { method: 'number_of_tags', value: '5' },
      { method: 'number_of_tags', value: 0 },
      { method: 'number_of_tags', value: -1 },
      { method: 'creation_date', value: 5 },
      { method: 'creation_date', value: '5x' },
      { method: 'creation_date', value: 'd' },
      { method: 'doesnotexist', value: 5 },
      { method: 'number_of_tags', value: 5, tagPattern: '' },
      { method: 'number_of_tags', value: 5, tagPattern: 123 },
      { method: 'number_of_tags', value: 5, tagPattern: null },
      { method: 'number_of_tags', value: 5, tagPattern: '  ' },
      { method: 'number_of_tags', value: 6, tagPattern: '[' },
      { method: 'number_of_tags', value: 5, tagPattern: 'a', tagPatternMatches: 'x' },
    ])
      s.do('alice', `POST ${base}`, body)
    s.get('alice', base)
    s.get(EVERYONE.slice(2), `${base}{{p}}`)
    s.get('alice', `${base}00000000-0000-4000-8000-000000000000`)
    s.do(['guest', 'bob', 'alice'], `PUT ${base}{{p}}`, { method: 'creation_date', value: '2w' })
    s.get('alice', `${base}{{p}}`)
    s.do('alice', `PUT ${base}{{p}}`, {})
    s.do('alice', `PUT ${base}{{p}}`, { method: 'creation_date', value: 5 })
    s.do('alice', `PUT ${base}{{p2}}`, { method: 'creation_date', value: '2w' }, { note: 'equal to another policy' })
    s.do('alice', `PUT ${base}unknown`, { method: 'number_of_tags', value: 5 })
    s.do(['guest', 'bob', 'alice', 'alice'], `DELETE ${base}{{p}}`)
    s.get('alice', base)
  }
  s.get('alice', '/api/v1/repository/{acme}/missing/autoprunepolicy/')
  s.do('alice', 'POST /api/v1/repository/{acme}/missing/autoprunepolicy/', { method: 'number_of_tags', value: 5 })
  s.get('alice', '/api/v1/organization/{nobody}/autoprunepolicy/')
})
