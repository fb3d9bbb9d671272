import { scenario } from '../scenario.ts'

export default scenario(
  'messages-1',
  'Messages to all users',
  (s) => {
    s.users('dave')
    s.get(['anon', 'bad', 'dave', 'admin'], '/api/v1/messages')
    const message = (m: object = {}) => ({
      message: { content: 'hello', media_type: 'text/plain', severity: 'info', ...m },
    })
    s.do(['anon', 'guest', 'dave'], 'POST /api/v1/messages', message())
    s.do('dave', 'POST /api/v1/messages', { message: {} })
    s.do('admin', 'POST /api/v1/messages', message())
    s.do(
      'admin',
      'POST /api/v1/messages',
      message({ media_type: 'text/markdown', severity: 'error', content: '**bold**' }),
    )
    for (const body of [
      message({ severity: 'x' }),
      message({ media_type: 'text/html' }),
      message({ content: 5 }),
      message({ content: '' }),
      { message: {} },
      { message: null },
      {},
    ])
      s.do('admin', 'POST /api/v1/messages', body)
    s.get(['anon', 'dave'], '/api/v1/messages', { save: { m: 'messages.0.uuid' } })
    s.do(['anon', 'guest', 'dave'], 'DELETE /api/v1/message/{{m}}')
    s.do('admin', 'DELETE /api/v1/message/{{m}}')
    s.do('admin', 'DELETE /api/v1/message/{{m}}')
    s.do('admin', 'DELETE /api/v1/message/unknown')
    s.get('anon', '/api/v1/messages')
  },
  { fresh: true },
)
