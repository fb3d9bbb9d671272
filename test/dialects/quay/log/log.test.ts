import { describe, expect, it } from 'vitest'
import { onLibsql } from '../../../support/database.ts'
import { createWorld, type Person, type World } from '../../../support/world.ts'

interface LogPage {
  logs: { kind: string; datetime: string; performer?: { name: string } }[]
  next_page?: string
}

/** Makes `count` tags, one a second. */
async function createLoggedWorld(count: number): Promise<World> {
  const world = await createWorld()
  const digest = await world.image('acme/app')
  await world.point('acme/app', { keep: digest })
  for (let i = 0; i < count; i++) {
    world.tick(1000)
    await world.as('bob').request('PUT', `/api/v1/repository/acme/app/tag/t${i}`, { manifest_digest: digest })
  }
  return world
}

const repositoryLogs = '/api/v1/repository/acme/app/logs'
const organizationLogs = '/api/v1/organization/acme/logs'

describe('logs over HTTP', () => {
  it('come newest first, 20 on a page, until next_page is gone', async () => {
    const world = await createLoggedWorld(45)
    const sizes: number[] = []
    const times: string[] = []
    let query = ''
    do {
      const page: LogPage = await world.as('alice').get(`${repositoryLogs}${query}`)
      sizes.push(page.logs.length)
      times.push(...page.logs.map(({ datetime }) => datetime))
      query = page.next_page ? `?next_page=${encodeURIComponent(page.next_page)}` : ''
    } while (query)
    expect(sizes).toEqual([20, 20, 5])
    expect(times.map((text) => Date.parse(text))).toEqual(times.map((text) => Date.parse(text)).sort((a, b) => b - a))
  })

  it.runIf(!onLibsql)('cost one page, however long the log is', async () => {
    const world = await createLoggedWorld(60)
    world.meter.reset()
    await world.as('alice').request('GET', repositoryLogs)
    expect(world.meter.rowsRead).toBeLessThan(2 * 21 + 60)
  })

  it.each<{ who: Person | 'nobody'; path: string; status: number }>([
    { who: 'alice', path: repositoryLogs, status: 200 },
    { who: 'auditor', path: repositoryLogs, status: 200 },
    { who: 'bob', path: repositoryLogs, status: 403 },
    { who: 'nobody', path: repositoryLogs, status: 401 },
    { who: 'alice', path: organizationLogs, status: 200 },
    { who: 'carol', path: organizationLogs, status: 403 },
    { who: 'dave', path: '/api/v1/user/logs', status: 200 },
    { who: 'nobody', path: '/api/v1/user/logs', status: 401 },
  ])('are $status for $who at $path', async ({ who, path, status }) => {
    const world = await createLoggedWorld(1)
    expect((await world.as(who).request('GET', path)).status).toBe(status)
    expect((await world.as(who).request('GET', path.replace('/logs', '/aggregatelogs'))).status).toBe(status)
  })

  it('can be asked for what one did, and for nobody who is unknown', async () => {
    const world = await createLoggedWorld(3)
    const of = async (performer: string) =>
      (await world.as('alice').get<LogPage>(`${organizationLogs}?performer=${performer}`)).logs.length
    expect([await of('bob'), await of('alice'), await of('nosuch')]).toEqual([3, 0, 0])
  })

  it('count by kind and day, over a month at most', async () => {
    const world = await createLoggedWorld(3)
    const counted = await world.as('alice').get('/api/v1/repository/acme/app/aggregatelogs')
    expect(counted).toEqual({
      aggregated: [{ kind: 'create_tag', count: 3, datetime: 'Sun, 01 Mar 2026 00:00:00 -0000' }],
    })
    const tooLong = await world
      .as('alice')
      .request('GET', '/api/v1/repository/acme/app/aggregatelogs?starttime=1/1/2026')
    expect(tooLong.status).toBe(400)
  })
})
