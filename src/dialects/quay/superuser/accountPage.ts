import { z } from '@hono/zod-openapi'
import type { Account } from '../../../domain/actor.ts'
import { RegistryError } from '../../../errors.ts'
import type { Services } from '../../../services.ts'
import { accountsPage } from '../../../store/namespaces.ts'
import { pagePosition, pageToken } from '../paging.ts'
import { queryInteger, queryText } from '../validation.ts'

const limitMax = 100
const Position = z.object({ accountsAfter: z.int() })

export const PageQuery = {
  limit: queryInteger(0, 'The number of results on a page: 100 at most; all on one page if it is left out'),
  next_page: queryText('Where the list goes on'),
}

/** A page of users or of organizations, and the token of the next one if there is one. */
export async function accountPage(
  { store, vault, now }: Services,
  kind: 'user' | 'organization',
  { limit, next_page, enabledOnly = false }: { limit: number; next_page?: string | undefined; enabledOnly?: boolean },
): Promise<{ accounts: Account[]; nextPage: string | undefined }> {
  if (limit > limitMax) throw new RegistryError('invalid', 'Page limit cannot be above 100')
  const pager = { vault, now: now() }
  const afterId = (await pagePosition(pager, next_page, Position))?.accountsAfter ?? 0
  const isPaged = limit > 0
  const [rows] = await store.batch([accountsPage(store, kind, { afterId, enabledOnly, ...(isPaged && { limit }) })])
  const accounts = isPaged ? rows.slice(0, limit) : rows
  const hasMore = rows.length > accounts.length
  return { accounts, nextPage: hasMore ? await pageToken(pager, { accountsAfter: accounts.at(-1)?.id }) : undefined }
}
