import type { Namespace, Repository } from '../../store/rights.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Account } from '../actor.ts'
import type { Origin } from '../event/recordEvent.ts'
import { repositoryRoleOf } from '../token/scope.ts'
import { grantStatements } from './changeGrant.ts'

export interface UserGrantChange {
  account: Account
  /** Undefined takes the grant away. */
  rank: 1 | 2 | 3 | undefined
}

export interface UserGrantChanges extends Origin {
  namespace: Namespace
  repository: Repository
  changes: readonly UserGrantChange[]
}

/** Changes the grants of several users and robots: all of them or, where one change fails, none. */
export async function changeUserGrants(store: Store, { changes, ...target }: UserGrantChanges): Promise<void> {
  await commit(
    store,
    changes.flatMap(({ account, rank }) => {
      const role = rank === undefined ? null : repositoryRoleOf(rank)
      return grantStatements(
        store,
        { ...target, name: account.username, role },
        { accountId: account.id },
        { username: account.username },
      )
    }),
  )
}
