import { scenario } from '../scenario.ts'

export default scenario(
  'superuser-1',
  'Superuser: users',
  (s) => {
    s.users('dave', 'erin')
    const U = '/api/v1/superuser/users'
    s.token('admin', 'admin:ordinary', 'repo:admin org:admin user:admin')
    s.get(['anon', 'bad', 'guest', 'dave', 'admin:ordinary', 'admin'], `${U}/`)
    for (const q of ['limit=2', 'limit=101', 'limit=abc', 'disabled=false']) s.get('admin', `${U}/?${q}`)
    s.do(['anon', 'guest', 'dave', 'admin:ordinary'], `POST ${U}/`, { username: '{frank}' })
    s.do('admin', `POST ${U}/`, { username: '{frank}', email: '{frank}@example.com' })
    s.do('admin', `POST ${U}/`, { username: '{nomail}' })
    for (const body of [
      { username: '{frank}' },
      { username: 'a' },
      { username: 'UP' },
      { username: '{dave}-apps' },
      { username: '{gina}', email: '{frank}@example.com' },
      { username: '{gina}', email: 'nonsense' },
      {},
      { username: 5 },
      { username: '{gina2}', email: 5 },
    ])
      s.do('admin', `POST ${U}/`, body)
    s.get(['anon', 'dave', 'admin:ordinary', 'admin'], `${U}/{frank}`)
    s.get('admin', `${U}/{dave}-apps`)
    s.get('admin', `${U}/{nobody}`)
    s.get('admin', `${U}/{nomail}`)
    s.do(['guest', 'dave'], `PUT ${U}/{frank}`, { email: 'x@example.com' })
    for (const body of [
      {},
      { email: '{frank2}@example.com' },
      { email: '{dave}@example.com' },
      { password: 'short' },
      { password: 'long-enough-password' },
      { enabled: false },
      { enabled: true },
      { email: 5 },
      { enabled: 'x' },
    ])
      s.do('admin', `PUT ${U}/{frank}`, body)
    s.do('admin', `PUT ${U}/{nobody}`, { enabled: true })
    s.do('admin', `PUT ${U}/admin`, { enabled: false })
    s.do('admin', `PUT ${U}/{erin}`, { enabled: false })
    s.get('erin', '/api/v1/user/')
    s.do('erin', 'PUT /api/v1/user/', {})
    s.get('admin', `${U}/?disabled=false`, { pick: ['users.length'] })
    s.get('admin', `${U}/{erin}`)
    s.do('admin', `PUT ${U}/{erin}`, { enabled: true })
    s.get('erin', '/api/v1/user/', { pick: ['username'] })
    s.do(['guest', 'dave'], `DELETE ${U}/{frank}`)
    s.do('admin', `DELETE ${U}/{frank}`)
    s.do('admin', `DELETE ${U}/{frank}`)
    s.do('admin', `DELETE ${U}/admin`)
    s.get('admin', `${U}/{frank}`)
  },
  { fresh: true },
)
