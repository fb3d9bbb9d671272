import { type SQL, sql } from 'drizzle-orm'
import { account } from './schema.ts'
import type { Store } from './store.ts'

/** Who has a name already, or had it until its deletion, which is not over. */
export const accountNamed = (store: Store, username: string) =>
  store
    .select()
    .from(account)
    .where(sql`${account.username} = ${username} or ${account.deletedName} = ${username}`)
    .limit(1)

/** The user who has an e-mail address. */
export const userWithEmail = (store: Store, email: string) =>
  store.select().from(account).where(sql`${account.email} = ${email} and ${account.kind} = 'user'`).limit(1)

/** The id of the account of that name, as a subquery: lets one batch insert an account and what belongs to it. */
export const accountIdNamed = (username: string): SQL<number> =>
  sql`(select id from account where username = ${username})`
