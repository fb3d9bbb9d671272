import { scenario } from '../scenario.ts'

export default scenario('general-1', 'Errors, discovery, capabilities, CSRF, content types, methods', (s) => {
  s.users('alice')
  s.session('alice')
  for (const t of [
    'invalid_token',
    'expired_token',
    'external_service_timeout',
    'not_found',
    'invalid_response',
    'fresh_login_required',
    'insufficient_scope',
    'invalid_request',
    'exceeds_license',
    'downstream_issue',
    'tag_immutable',
    'token_rotation_failed',
  ])
    s.get('anon', `/api/v1/error/${t}`, { pick: ['type', 'title'], sort: [] })
  s.get('anon', '/api/v1/error/nothing')
  s.get(['anon', 'bad', 'alice'], '/api/v1/discovery', {
    pick: [
      'swagger',
      'basePath',
      'info.title',
      'info.version',
      'definitions.ApiError',
      'securityDefinitions.oauth2_implicit.type',
      'securityDefinitions.oauth2_implicit.authorizationUrl',
    ],
  })
  s.get(['anon', 'alice'], '/api/v1/registry/capabilities')
  s.get('anon', '/api/v1/repository/x/y', { cors: true })
  s.get('alice', '/api/v1/repository?namespace={alice}', { cors: true })
  s.do('anon', 'OPTIONS /api/v1/repository', undefined, { cors: true })
  s.do('anon', 'OPTIONS /api/v1/user/', undefined, { cors: true })
  const body = { repository: 'app', visibility: 'public', description: '' }
  s.do(['anon', 'bad', 'guest'], 'POST /api/v1/repository', body)
  s.do('alice@web', 'POST /api/v1/repository', body, { headers: { 'x-csrf-token': '' } })
  s.do('alice@web', 'POST /api/v1/repository', body, { headers: { 'x-csrf-token': 'wrong' } })
  s.do('alice@web', 'POST /api/v1/repository', body)
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: '{bad', note: 'malformed' })
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: '' })
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: 'null' })
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: '[]' })
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: '"x"' })
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: '{}', headers: { 'content-type': 'text/plain' } })
  s.do('alice', 'POST /api/v1/repository', undefined, { raw: '{}', headers: { 'content-type': 'none' } })
  s.do('alice', 'POST /api/v1/repository', undefined, {
    raw: '{}',
    headers: { 'content-type': 'application/json; charset=utf-8' },
  })
  s.do('alice', 'POST /api/v1/repository', undefined, {
    raw: '{}',
    headers: { 'content-type': 'application/vnd.x+json' },
  })
  for (const [m, p] of [
    ['PUT', '/api/v1/repository'],
    ['DELETE', '/api/v1/messages'],
    ['POST', '/api/v1/error/not_found'],
    ['PATCH', '/api/v1/user/'],
    ['POST', '/api/v1/users/{alice}'],
  ])
    s.do('alice', `${m} ${p}`)
  for (const header of ['bearer {{t}}', 'Bearer', 'Bearer a b', 'Bearer  x', 'Basic x', 'Token x', ''])
    s.get('anon', '/api/v1/user/', { headers: { authorization: header } })
  s.get('anon', '/api/v1/user/', { headers: { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln' } })
  for (const accept of ['text/html', 'application/xml'])
    s.get('anon', '/api/v1/registry/capabilities', { headers: { accept } })
  s.get('anon', '/csrf_token')
  s.do('anon', 'POST /api/v1/user/initialize', { username: '{late}', password: 'long-enough' })
})
