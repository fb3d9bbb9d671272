import { scenario } from '../scenario.ts'
import { EVERYONE, world } from '../world.ts'

export default scenario('mirror-1', 'Mirror configuration of a repository', (s) => {
  world(s)
  const M = '/api/v1/repository/{acme}/app/mirror'
  const config = (more: object = {}) => ({
    external_reference: '93.184.216.34/library/busybox',
    sync_interval: 3600,
    sync_start_date: '2030-01-02T03:04:05Z',
    root_rule: { rule_kind: 'tag_glob_csv', rule_value: ['latest', '1.*'] },
    robot_username: '{acme}+mirror',
    skopeo_timeout_interval: 300,
    ...more,
  })
  s.do('alice', 'PUT /api/v1/organization/{acme}/robots/mirror', {})
  s.do('dave', 'PUT /api/v1/user/robots/mirror', {})
  s.get(EVERYONE, M)
  s.do(EVERYONE.slice(0, 6), `POST ${M}`, config())
  for (const more of [
    { sync_start_date: 'x' },
    { sync_start_date: '2030-01-02' },
    { sync_interval: -1 },
    { sync_interval: 'x' },
    { root_rule: {} },
    { root_rule: { rule_kind: 'x', rule_value: ['a'] } },
    { root_rule: { rule_kind: 'tag_glob_csv', rule_value: [] } },
    { skopeo_timeout_interval: 299 },
    { external_reference: 5 },
    { external_reference: '127.0.0.1/a/b' },
    { external_reference: 'https://93.184.216.34/a' },
    { external_reference: '93.184.216.34' },
    { robot_username: '{acme}+none' },
    { robot_username: '{dave}+mirror' },
    { robot_username: '{alice}' },
    { architecture_filter: ['amd64'] },
    { is_enabled: 'x' },
  ])
    s.do('alice', `POST ${M}`, config(more))
  s.do('alice', `POST ${M}`, {})
  s.do(
    'alice',
    `POST ${M}`,
    config({
      external_registry_username: 'u',
      external_registry_password: 'p',
      external_registry_config: {
        verify_tls: true,
        proxy: { http_proxy: 'http://p:1', https_proxy: null, no_proxy: null },
      },
    }),
  )
  s.do('alice', `POST ${M}`, config())
  s.get(['dave', 'carol', 'bob', 'alice'], M)
  s.get('alice', '/api/v1/repository/{acme}/app?includeTags=false')
  s.get('alice', '/api/v1/repository/{acme}/app/permissions/user/')
  for (const body of [
    {},
    { sync_interval: 7200 },
    { is_enabled: false },
    { is_enabled: true },
    { external_reference: '93.184.216.34/other/name' },
    { sync_start_date: 'x' },
    { skopeo_timeout_interval: 10 },
    { skopeo_timeout_interval: 600 },
    { root_rule: { rule_kind: 'tag_glob_csv', rule_value: ['v*'] } },
    { external_registry_username: null },
    { external_registry_password: 'only' },
    { external_registry_config: { verify_tls: false } },
    { external_registry_config: { proxy: { no_proxy: 'a,b' } } },
    { robot_username: '{acme}+none' },
    { architecture_filter: null },
  ])
    s.do('alice', `PUT ${M}`, body)
  s.get('alice', M)
  s.do('bob', `PUT ${M}`, {})
  s.do(['guest', 'bob', 'alice'], `POST ${M}/sync-now`)
  s.get('alice', M, { pick: ['sync_status', 'sync_retries_remaining', 'sync_expiration_date'] })
  s.do(['guest', 'bob', 'alice', 'alice'], `POST ${M}/sync-cancel`)
  s.get('alice', M, { pick: ['sync_status', 'sync_retries_remaining'] })
  s.push('alice', '{acme}/app:refused', { layers: ['x'] })
  s.do('alice', 'DELETE /api/v1/organization/{acme}/robots/mirror')
  s.do('alice', 'PUT /api/v1/repository/{acme}/app/changestate', { state: 'NORMAL' })
  s.get('alice', M)
  s.get('alice', '/api/v1/repository/{acme}/missing/mirror')
  s.do('alice', 'POST /api/v1/repository/{acme}/pub/mirror/sync-now')
})
