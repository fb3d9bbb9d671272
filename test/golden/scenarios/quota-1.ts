import { scenario } from '../scenario.ts'
import { images, world } from '../world.ts'

export default scenario('quota-1', 'Quota through the superuser, and what owners see of it', (s) => {
  world(s)
  const Q = '/api/v1/superuser/organization/{acme}/quota'
  const U = '/api/v1/superuser/users/{dave}/quota'
  s.get(['anon', 'dave', 'alice', 'admin'], Q)
  s.do(['guest', 'alice'], `POST ${Q}`, { limit_bytes: 1000 })
  for (const body of [
    {},
    { limit_bytes: 5, limit: '5' },
    { limit_bytes: 0 },
    { limit_bytes: -1 },
    { limit_bytes: 'x' },
    { limit: '1.5G' },
    { limit: 'x' },
    { limit: '5 XB' },
    { limit: 5 },
    { limit: '0' },
    { limit: '10ZiB' },
    { limit: '' },
  ])
    s.do('admin', `POST ${Q}`, body)
  s.do('admin', `POST ${Q}`, { limit_bytes: 10737418240 })
  s.do('admin', `POST ${Q}`, { limit: '5G' })
  s.get('admin', Q, { save: { q: '0.id' } })
  for (const body of [
    { limit: '200M' },
    { limit: '512Mi' },
    { limit: '200 Mi' },
    { limit: '5G' },
    { limit: '1TiB' },
    { limit: '3000' },
    { limit_bytes: 500 },
    { limit: '7KB' },
    { limit: '7 kib' },
    {},
    { limits: '5G' },
    { limit_bytes: 0 },
    { limit_bytes: 7, limit: '5' },
  ])
    s.do('admin', `PUT ${Q}/{{q}}`, body)
  s.do('admin', `PUT ${Q}/999999`, { limit_bytes: 5 })
  s.do('admin', `PUT ${U}/{{q}}`, { limit_bytes: 5 }, { note: 'quota of another namespace' })
  s.get(['dave', 'carol', 'alice', 'admin'], '/api/v1/organization/{acme}/quota')
  s.get(['dave', 'carol', 'alice'], '/api/v1/organization/{acme}/quota/{{q}}')
  s.get('alice', '/api/v1/organization/{acme}/quota/999999')
  s.get('alice', '/api/v1/organization/{nobody}/quota')
  s.get(['carol', 'alice'], '/api/v1/organization/{acme}/quota/{{q}}/limit')
  s.do(['alice', 'admin'], 'POST /api/v1/organization/{acme}/quota/{{q}}/limit', {
    type: 'Warning',
    threshold_percent: 50,
  })
  s.do(['alice', 'admin'], 'POST /api/v1/organization/{acme}/quota', { limit_bytes: 5 })
  s.do(['alice', 'admin'], 'DELETE /api/v1/organization/{acme}/quota/{{q}}')
  s.do('admin', `POST ${U}`, { limit: '1Gi' })
  s.get('dave', '/api/v1/user/quota', { save: { uq: '0.id' } })
  s.get(['anon', 'dave', 'alice'], '/api/v1/user/quota/{{uq}}')
  s.get('dave', '/api/v1/user/quota/{{uq}}/limit')
  s.get('dave', '/api/v1/user/', { pick: ['quotas', 'quota_report'] })
  images(s)
  s.get('alice', '/api/v1/organization/{acme}', { pick: ['quotas', 'quota_report'] })
  s.get('alice', '/api/v1/repository?namespace={acme}')
  s.do(['guest', 'alice'], `DELETE ${Q}/{{q}}`)
  s.do('admin', `DELETE ${Q}/{{q}}`)
  s.do('admin', `DELETE ${Q}/{{q}}`)
  s.get('admin', '/api/v1/superuser/organization/{nobody}/quota')
  s.get('admin', Q)
})
