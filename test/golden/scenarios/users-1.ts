import { scenario } from '../scenario.ts'

export default scenario('users-1', 'The current user, other users, sign-up and sign-in', (s) => {
  s.users('alice', 'dave')
  s.token('alice', 'alice:read', 'user:read')
  s.token('alice', 'alice:repo', 'repo:admin')
  s.session('alice')
  s.get(['anon', 'bad', 'guest', 'alice', 'alice:read', 'alice:repo', 'alice@web', 'admin'], '/api/v1/user/')
  s.get('alice', '/api/v1/user')
  s.get(['anon', 'alice', 'dave', 'admin'], '/api/v1/users/{alice}')
  s.get('anon', '/api/v1/users/{nobody}')
  s.get('anon', '/api/v1/users/{alice}-apps')
  s.do(['anon', 'guest', 'alice:read'], 'PUT /api/v1/user/', { company: 'x' })
  for (const body of [
    {},
    { tag_expiration_s: 86400 },
    { tag_expiration_s: 5 },
    { invoice_email: true },
    { invoice_email_address: '{i}@example.com' },
    { email: '{dave}@example.com' },
    { email: '{fresh}@example.com' },
    { password: 'short' },
    { password: 'with space in it' },
    { username: '{other}' },
    { company: null, location: 'here' },
    { tag_expiration_s: 'x' },
  ])
    s.do('alice', 'PUT /api/v1/user/', body)
  s.do('guest', 'POST /api/v1/user/', { username: '{eve}', password: 'a-good-password', email: '{eve}@example.com' })
  for (const body of [
    { username: '{eve}', password: 'a-good-password', email: '{x}@example.com' },
    { username: 'a', password: 'a-good-password' },
    { username: 'aUser', password: 'a-good-password' },
    { username: '{mallory}', password: 'short' },
    { username: '{mallory}', password: 'has a space inside' },
    { username: '{mallory}', password: 'a-good-password', email: '{alice}@example.com' },
    { username: '{mallory}' },
    {},
  ])
    s.do('guest', 'POST /api/v1/user/', body)
  s.do('anon', 'POST /api/v1/user/', { username: '{anon}', password: 'a-good-password' })
  s.session('dave')
  s.do('dave@web', 'PUT /api/v1/user/', { company: 'by cookie' })
  s.do('dave@web', 'PUT /api/v1/user/', { company: 'x' }, { headers: { 'x-csrf-token': 'wrong' } })
  s.do('guest', 'POST /api/v1/signin', { username: '{dave}', password: 'not-the-password' })
  s.do('guest', 'POST /api/v1/signin', { username: '{nobody}', password: 'not-the-password' })
  s.do('guest', 'POST /api/v1/signin', { username: '{dave}' })
  s.wait(1000)
  s.do('dave@web', 'POST /api/v1/signin/verify', { password: 'wrong-password' })
  s.get(['anon', 'guest', 'dave', 'dave@web'], '/api/v1/user/notifications')
  s.wait(2500)
  s.do('dave@web', 'POST /api/v1/user/clientkey', { password: 'wrong-password' })
  s.do(
    'guest',
    'POST /api/v1/signin',
    { username: '{dave}', password: '{{password_dave}}' },
    { note: 'right, but too soon after three failures' },
  )
  s.wait(4500)
  s.do('guest', 'POST /api/v1/signin', { username: '{dave}', password: '{{password_dave}}' })
  s.session('dave')
  s.do('dave@web', 'POST /api/v1/signout', {})
  s.get('dave@web', '/api/v1/user/')
})
