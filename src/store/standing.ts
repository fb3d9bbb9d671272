import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Credential } from '../domain/token/credential.ts'
import { prefixed } from './columns.ts'
import {
  appTokenColumns,
  owner,
  ownerColumns,
  type Principal,
  type PrincipalRow,
  principalOf,
  principalRow,
  shownBy,
  tokenColumns,
} from './principals.ts'
import { type RowOf, reusable } from './reusable.ts'
import {
  isNamed,
  isRepositoryNamed,
  namespace,
  namespaceColumns,
  type Rights,
  type RightsRow,
  rankColumns,
  repositoryColumns,
  rightsOf,
} from './rights.ts'
import { accessToken, account, appToken, oauthApplication, repository } from './schema.ts'
import type { Statement, Store } from './store.ts'

/** Who asks, and what they hold on a repository and its namespace. */
export interface Standing {
  principal: Principal | undefined
  rights: Rights | undefined
  /** When the next planned end of a tag will change what the repository shows, where that was asked for. */
  changesAt: Date | undefined
}

/**
 * What `principalRow` and `rightsRow` tell, in one statement that always yields one row: so the rows that a request wants
 * to know besides can travel in it.
 */
const standingRow = reusable(
  (
    credential: Credential,
    path: { namespace: string | SQL<string>; name: string },
    now: Date,
    wantsChange: boolean,
  ) => ({
    ...shownBy(credential),
    ...path,
    now: wantsChange ? now : undefined,
  }),
  (store, given) =>
    store
      .select({
        account: prefixed(getTableColumns(account), 'account'),
        token: tokenColumns,
        appToken: appTokenColumns,
        owner: ownerColumns,
        namespace: prefixed(namespaceColumns, 'namespace'),
        repository: repositoryColumns,
        ...rankColumns(sql`${account.id}`),
        changesAt: (given.now
          ? sql<number | null>`(
            select min(expires_at) from tag where repository_id = ${repository.id} and expires_at > ${given.now})`
          : sql<number | null>`null`
        ).as('changes_at'),
      })
      .from(sql`(select 1)`)
      .leftJoin(account, eq(account.id, given.accountId))
      .leftJoin(accessToken, given.token)
      .leftJoin(oauthApplication, eq(oauthApplication.id, accessToken.applicationId))
      .leftJoin(appToken, given.appToken)
      .leftJoin(owner, eq(owner.id, account.ownerId))
      .leftJoin(namespace, isNamed(given.namespace))
      .leftJoin(repository, isRepositoryNamed(given.name)),
  { yieldsOneRow: true },
)

const standingOf = (row: RowOf<typeof standingRow>): Standing => ({
  principal: row.account.id === null ? undefined : principalOf(row as PrincipalRow),
  rights: row.namespace.id === null ? undefined : rightsOf(row as RightsRow),
  changesAt: row.changesAt === null ? undefined : new Date(row.changesAt),
})

interface Asked {
  credential: Credential
  /** Without one, nobody's rights are looked up. */
  path: { namespace: string | SQL<string>; name: string } | undefined
  now: Date
  /** Also looks for the next planned end of a tag. */
  wantsChange?: boolean
}

/** Finds out who asks and what they hold, and reads what else the request wants to know: one round trip. */
export async function readStanding(
  store: Store,
  { credential, path, now, wantsChange = false }: Asked,
  along: readonly Statement[],
): Promise<Standing & { rows: unknown[] }> {
  if (!path) {
    const [[row], ...rows] = (await store.batch([principalRow(store, credential), ...along])) as [PrincipalRow[]]
    return { principal: principalOf(row), rights: undefined, changesAt: undefined, rows }
  }
  const standing = standingRow(store, credential, path, now, wantsChange)
  const [[row], ...rows] = (await store.batch([standing, ...along])) as [[RowOf<typeof standingRow>]]
  return { ...standingOf(row), rows }
}
