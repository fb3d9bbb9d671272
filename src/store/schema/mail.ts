import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id, instant, logId } from './columns.ts'
import { account } from './namespace.ts'

/** A code that was sent to an e-mail address: who shows it has read that mail. Single use. */
export const emailCode = sqliteTable(
  'email_code',
  {
    id: id(),
    lookup: text().notNull().unique(),
    secretHash: text().notNull(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    /** `confirm`: the address is the account's; `change`: it will be; `recover`: its owner may set a new password. */
    purpose: text({ enum: ['confirm', 'change', 'recover'] }).notNull(),
    email: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    index('email_code_account').on(t.accountId, t.purpose),
    index('email_code_email').on(t.email, t.id),
    index('email_code_created').on(t.createdAt),
  ],
)

/** Mail that has to go out. It is sealed: codes stand in it. */
export const outgoingMail = sqliteTable(
  'outgoing_mail',
  {
    id: logId(),
    sealed: text().notNull(),
    attempts: integer().notNull().default(0),
    dueAt: instant().notNull(),
  },
  (t) => [index('outgoing_mail_due').on(t.dueAt)],
)
