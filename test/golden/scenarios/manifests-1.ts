import { scenario } from '../scenario.ts'
import { EVERYONE, images, world } from '../world.ts'

export default scenario('manifests-1', 'Manifests and labels', (s) => {
  world(s)
  images(s)
  const M = '/api/v1/repository/{acme}/app/manifest/{{d1}}'
  const none = `/api/v1/repository/{acme}/app/manifest/sha256:${'0'.repeat(64)}`
  s.token('alice', 'alice:read', 'repo:read')
  s.get([...EVERYONE, 'alice:read'], M)
  s.get(['anon', 'dave', 'carol', 'alice'], none)
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d3}}')
  s.get('alice', `${M}?include_modelcard=true`)
  s.get(EVERYONE, `${M}/labels`)
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d2}}/labels', { save: { fromImage: 'labels.0.id' } })
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d3}}/labels')
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d2}}/labels?filter=main')
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d2}}/labels?filter=MAIN')
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d2}}/labels?filter=%25')
  s.get('alice', `${none}/labels`)
  const label = (key: unknown, value: unknown = 'v', media_type: unknown = 'text/plain') => ({ key, value, media_type })
  s.do([...EVERYONE.slice(0, 5), 'alice:read'], `POST ${M}/labels`, label('who'))
  s.do('bob', `POST ${M}/labels`, label('hello', 'world'), { save: { l1: 'label.id' } })
  s.do('alice', `POST ${M}/labels`, label('hello', 'again'))
  s.do('alice', `POST ${M}/labels`, label('hello.json', '{"a":1}', 'application/json'))
  s.do('alice', `POST ${M}/labels`, label('guess', '[1]', null))
  s.do('alice', `POST ${M}/labels`, label('guess2', 'plain', null))
  s.do('alice', `POST ${M}/labels`, label('not-json', 'plain', 'application/json'))
  for (const body of [
    label('bad_label'),
    label(''),
    label('a..b'),
    label('-a'),
    label('UP'),
    label('x'.repeat(256)),
    label('com.docker.x'),
    label('io.quay.x'),
    label('quayside'),
    label('internal.x'),
    label('com.dockers.x'),
    label('ok', 'v', 'image/png'),
    { key: 'a', value: 'b' },
    { key: 'a', media_type: null },
    { value: 'b', media_type: null },
    { key: 5, value: 'b', media_type: null },
    {},
  ])
    s.do('alice', `POST ${M}/labels`, body)
  s.do('alice', `POST ${none}/labels`, label('a'))
  s.get('alice', `${M}/labels`)
  s.get('alice', `${M}/labels?filter=hello`)
  s.get(['anon', 'dave', 'carol', 'alice'], `${M}/labels/{{l1}}`)
  s.get('alice', `${M}/labels/unknown`)
  s.get('alice', '/api/v1/repository/{acme}/app/manifest/{{d2}}/labels/{{l1}}')
  s.do(EVERYONE.slice(0, 5), `DELETE ${M}/labels/{{l1}}`)
  s.do('bob', `DELETE ${M}/labels/{{l1}}`)
  s.do('alice', `DELETE ${M}/labels/{{l1}}`)
  s.do('alice', 'DELETE /api/v1/repository/{acme}/app/manifest/{{d2}}/labels/{{fromImage}}')
  s.get('alice', `${M}/labels`)
  s.get('anon', '/api/v1/repository/{acme}/app/manifest/{{d1}}/security')
})
