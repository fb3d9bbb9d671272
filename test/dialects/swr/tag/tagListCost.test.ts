import { describe, expect, it } from 'vitest'
import { textOf } from '../../../../src/store/reusable.ts'
import { tagWindow } from '../../../../src/store/tagWindow.ts'
import { bindings, onLibsql } from '../../../support/database.ts'
import { createSwrWorld, manage } from '../../../support/swrWorld.ts'

const busybox = `${manage}/namespaces/group/repos/busybox/tags`

/** Rows read beside those of the page: who asks, what they hold, how many tags have expired. */
const overhead = 30

describe.skipIf(onLibsql)('what a tag list costs', () => {
  it.each([
    { column: 'updated_at', descending: true, index: 'tag_started' },
    { column: 'updated_at', descending: false, index: 'tag_started' },
    { column: 'tag', descending: true, index: 'tag_name' },
    { column: 'tag', descending: false, index: 'tag_name' },
  ] as const)('skips by entries of $index alone ($column, descending: $descending)', async ({ index, ...order }) => {
    const { store, clock } = await createSwrWorld()
    const { text, values } = textOf(tagWindow(store, 1, { ...order, offset: 20, limit: 10 }, clock.now))
    const explain = bindings.DB.prepare(`explain query plan ${text}`).bind(...values)
    const steps = (await explain.all<{ detail: string }>()).results.map(({ detail }) => detail)
    expect(steps[1]).toBe(`SEARCH tag USING COVERING INDEX ${index} (repository_id=?)`)
    expect(steps.indexOf('SCAN page')).toBeLessThan(steps.indexOf('USE TEMP B-TREE FOR ORDER BY'))
  })

  it('reads what the page holds, and one index entry for each tag that it skips', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 50_000)
    const newest = 'order_column=updated_at&order_type=desc'
    const byName = 'order_column=tag&order_type=asc'
    for (const { offset, limit, order = newest, total = 50_000, rows } of [
      { offset: 0, limit: 10, rows: 20 },
      { offset: 0, limit: 1000, rows: 2000 },
      { offset: 0, limit: 1000, order: 'order_column=updated_at&order_type=asc', rows: 2000 },
      { offset: 0, limit: 1000, order: byName, rows: 2000 },
      { offset: 100, limit: 10, rows: 140 },
      { offset: 40_000, limit: 10, rows: 40_040 },
      { offset: 50_000, limit: 10, rows: 50_000 },
      { offset: 0, limit: 10, order: 'tag=t777', total: 1, rows: 2 },
    ]) {
      world.meter.reset()
      const response = await world.swr('carol').request('GET', `${busybox}?offset=${offset}&limit=${limit}&${order}`)
      expect(response.headers.get('content-range')).toMatch(new RegExp(`^${offset}-\\d+/${total}$`))
      expect(world.meter.rowsRead).toBeLessThanOrEqual(rows + overhead)
      expect(world.meter.roundTrips).toBe(1)
    }
  })

  it.each(['updated_at', 'tag'])(
    'walks 50,000 tags by %s at the price of each row, not of its square',
    async (column) => {
      const world = await createSwrWorld()
      await world.seedTags('group/busybox', 50_000)
      const names = new Set<string>()
      const limit = 1000
      world.meter.reset()
      for (let offset = 0, count = limit; count > 0; offset += count) {
        const query = `?offset=${offset}&limit=${limit}&order_column=${column}&order_type=asc`
        const page = (await (await world.swr('carol').request('GET', busybox + query)).json()) as { Tag: string }[]
        count = page.length
        for (const { Tag } of page) names.add(Tag)
      }
      expect(names.size).toBe(50_000)
      expect(world.meter.rowsRead).toBeLessThanOrEqual(51 * (2 * limit + overhead))
    },
  )

  it('goes on where the page before ended only while nothing has changed', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 9)
    const page = async (offset: number) => {
      const response = await world.swr('carol').request('GET', `${busybox}?offset=${offset}&limit=3`)
      return ((await response.json()) as { Tag: string }[]).map(({ Tag }) => Tag).join(' ')
    }
    expect([await page(0), await page(3), await page(6)]).toEqual(['t09 t08 t07', 't06 t05 t04', 't03 t02 t01'])
    expect((await world.swr('alice').request('DELETE', `${busybox}/t08`)).status).toBe(204)
    expect([await page(3), await page(0), await page(3)]).toEqual(['t05 t04 t03', 't09 t07 t06', 't05 t04 t03'])
    await world.store.run(`update tag set expires_at = ${world.clock.now.getTime() + 10} where name = 't09'`)
    expect(await page(3)).toBe('t05 t04 t03')
    world.tick(10)
    expect([await page(3), await page(0), await page(3)]).toEqual(['t04 t03 t02', 't07 t06 t05', 't04 t03 t02'])
  })

  it('counts right, whoever writes at the same time', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 20)
    const total = async () => (await world.swr('carol').request('GET', busybox)).headers.get('content-range')
    const copy = (destination_tag: string) =>
      world.swr('alice').request('POST', busybox, { source_tag: 't01', destination_tag, override: true })
    const remove = (name: string) => world.swr('alice').request('DELETE', `${busybox}/${name}`)
    await world.store.run(`update tag set expires_at = ${world.clock.now.getTime() + 500} where name in ('t02', 't03')`)
    const answers = await Promise.all([
      ...['new', 'new', 'other', 't04', 't04'].map(copy),
      ...['t05', 't05', 't06'].map(remove),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 204, 204, 404])
    expect(await total()).toBe('0-20/20')
    world.tick(500)
    expect(await total()).toBe('0-18/18')
    // Dead but unswept names are taken again, and counted once.
    expect((await copy('t02')).status).toBe(201)
    expect(await total()).toBe('0-19/19')
  })
})
