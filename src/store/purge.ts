import { and, asc, eq, getTableName, inArray, is, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from './schema.ts'
import type { Statement, Store } from './store.ts'

const { account, garbage, manifest, repository, tag, tagRevision } = schema
const tables = Object.values(schema as Record<string, unknown>).filter((value): value is SQLiteTable =>
  is(value, SQLiteTable),
)

/**
 * Deletes rows of a table with everything that refers to them, what refers first. It follows the schema's own foreign
 * keys, so that a table added later can't be forgotten.
 */
export function deleteWithReferrers(store: Store, table: SQLiteTable, condition: SQL): Statement[] {
  const name = sql.identifier(getTableName(table))
  const doomed = sql`(select id from ${name} where ${condition})`
  const referrers = tables.flatMap((other) =>
    getTableConfig(other)
      .foreignKeys.map((key) => key.reference())
      .filter((reference) => reference.foreignTable === table)
      .flatMap(({ columns }) =>
        deleteWithReferrers(store, other, sql`${sql.identifier(snake(columns[0]?.name ?? ''))} in ${doomed}`),
      ),
  )
  return [...referrers, store.delete(table).where(condition)]
}

/** The name that a column has in the database: its key, with the words apart. */
const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const deletedRepositories = (store: Store, limit: number) =>
  store
    .select({ id: repository.id })
    .from(repository)
    .where(isNotNull(repository.deletedAt))
    .orderBy(asc(repository.deletedAt))
    .limit(limit)

/** A step towards purging a deleted repository: so many of its tags, meanings and manifests. */
export function shrinkRepository(store: Store, repositoryId: number, limit: number): Statement[] {
  const some = (table: typeof tag | typeof tagRevision | typeof manifest) =>
    store.select({ id: table.id }).from(table).where(eq(table.repositoryId, repositoryId)).limit(limit)
  const isFree = sql`not exists (select 1 from tag_revision v where v.manifest_id = manifest.id)
    and not exists (select 1 from tag t where t.manifest_id = manifest.id)`
  const manifests = sql`id in (select manifest.id from manifest where manifest.repository_id = ${repositoryId} and ${isFree} limit ${limit})`
  return [
    store.delete(tag).where(inArray(tag.id, some(tag))),
    store
      .delete(tagRevision)
      .where(
        and(
          inArray(tagRevision.id, some(tagRevision)),
          sql`not exists (select 1 from tag t where t.revision_id = tag_revision.id)`,
        ),
      ),
    store
      .insert(garbage)
      .select(sql`select null, content_key from manifest where ${manifests} and content_key is not null`),
    ...deleteWithReferrers(store, manifest, manifests),
  ]
}

/** Deletes the row of a deleted repository, with what little is left, once its manifests are gone. */
export const finishRepository = (store: Store, repositoryId: number): Statement[] =>
  deleteWithReferrers(
    store,
    repository,
    sql`id = ${repositoryId} and deleted_at is not null and not exists (select 1 from manifest m where m.repository_id = ${repositoryId})
      and not exists (select 1 from tag_revision v where v.repository_id = ${repositoryId})`,
  )

export const deletedNamespaces = (store: Store, limit: number) =>
  store
    .select({ id: account.id })
    .from(account)
    .where(isNotNull(account.deletedName))
    .orderBy(asc(account.id))
    .limit(limit)

/** Deletes every repository of a namespace, as their owner could have. */
export const deleteRepositoriesOf = (store: Store, namespaceId: number, now: Date) =>
  store
    .update(repository)
    .set({ deletedAt: now, name: sql`lower(hex(randomblob(16)))`, generation: sql`generation + 1` })
    .where(and(eq(repository.namespaceId, namespaceId), isNull(repository.deletedAt)))

/** Deletes the row of a deleted namespace once its repositories are gone: its name is free again. */
export const finishNamespace = (store: Store, namespaceId: number): Statement[] =>
  deleteWithReferrers(
    store,
    account,
    sql`id = ${namespaceId} and deleted_name is not null
      and not exists (select 1 from repository r where r.namespace_id = ${namespaceId})`,
  )
