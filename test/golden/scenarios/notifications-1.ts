import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('notifications-1', 'Notifications of a repository', (s) => {
  world(s)
  const N = '/api/v1/repository/{acme}/app/notification/'
  const hook = (more: object = {}) => ({
    event: 'repo_push',
    method: 'webhook',
    config: { url: 'https://hook.example.com/x' },
    eventConfig: {},
    ...more,
  })
  s.get(EVERYONE, N)
  s.do(EVERYONE.slice(0, 6), `POST ${N}`, hook())
  s.do('alice', `POST ${N}`, hook({ title: 'first' }), { save: { n: 'uuid' } })
  s.do('alice', `POST ${N}`, hook())
  s.do('alice', `POST ${N}`, hook({ method: 'slack', config: { url: 'https://hooks.slack.com/services/a/b/c' } }))
  s.do(
    'alice',
    `POST ${N}`,
    hook({ method: 'quay_notification', config: { target: { kind: 'user', name: '{bob}', is_robot: false } } }),
  )
  s.do(
    'alice',
    `POST ${N}`,
    hook({ method: 'quay_notification', config: { target: { kind: 'team', name: 'readers' } } }),
  )
  s.do('alice', `POST ${N}`, hook({ event: 'repo_image_expiry', eventConfig: { days: 5 } }))
  s.do('alice', `POST ${N}`, hook({ event: 'vulnerability_found', eventConfig: { level: '1' } }))
  for (const more of [
    { config: {} },
    { config: { url: 'ftp://x' } },
    { config: { url: 'http://localhost/x' } },
    { config: { url: 'http://127.0.0.1/x' } },
    { method: 'email', config: { email: 'a@example.com' } },
    { method: 'email', config: {} },
    { method: 'slack', config: {} },
    { method: 'quay_notification', config: {} },
    { method: 'quay_notification', config: { target: { kind: 'user', name: '{nobody}' } } },
    { method: 'quay_notification', config: { target: { kind: 'team', name: 'none' } } },
    { method: 'hipchat', config: {} },
    { method: 'flowdock', config: {} },
    { config: { url: 'https://hook.example.com/x', template: '{bad' } },
    { event: 5 },
    { config: 'x' },
    { eventConfig: null },
    { title: 5 },
  ])
    s.do('alice', `POST ${N}`, hook(more))
  s.do('alice', `POST ${N}`, {})
  s.do('alice', `POST ${N}`, { event: 'repo_push', method: 'webhook', config: { url: 'https://hook.example.com/x' } })
  s.get('alice', N)
  s.get(EVERYONE.slice(2), `${N}{{n}}`)
  s.get('alice', `${N}unknown`)
  s.do(['guest', 'bob', 'alice'], `POST ${N}{{n}}/test`)
  s.do('alice', `POST ${N}unknown/test`)
  s.do(['guest', 'bob', 'alice'], `POST ${N}{{n}}`)
  s.do('alice', `POST ${N}unknown`)
  s.do(['guest', 'bob', 'alice', 'alice'], `DELETE ${N}{{n}}`)
  s.get('alice', `${N}{{n}}`)
  s.get('alice', '/api/v1/repository/{acme}/app/logs', {
    pick: ['logs.0.kind', 'logs.0.metadata', 'logs.1.kind', 'logs.1.metadata'],
  })
  s.get('alice', '/api/v1/repository/{acme}/missing/notification/')
})
