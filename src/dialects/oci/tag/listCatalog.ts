import { createFactory } from 'hono/factory'
import { repositoryCap } from '../../../domain/token/scope.ts'
import { catalogPage } from '../../../store/catalog.ts'
import { onRegistry } from '../access.ts'
import type { OciEnv } from '../env.ts'
import { nextLink, pageSize } from '../paging.ts'

/** The repositories that the caller holds something on, in the order of their names' bytes. */
export const listCatalog = createFactory<OciEnv>().createHandlers(onRegistry, async (c) => {
  const { actor } = c.var
  const limit = pageSize(c.req.query('n'))
  const mayLook = actor && repositoryCap(actor.scopes) > 0
  const statement = mayLook && catalogPage(c.env.store, actor.account.id, c.req.query('last') ?? '', limit + 1)
  const [rows] = statement ? await c.env.store.batch([statement]) : [[]]
  const repositories = rows.slice(0, limit).map((row) => row.path)
  const last = rows.length > limit ? repositories.at(-1) : undefined
  if (last !== undefined) c.header('Link', nextLink('/v2/_catalog', { n: String(limit), last }))
  return c.json({ repositories })
})
