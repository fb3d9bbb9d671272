import { createHash } from 'node:crypto'
import type { Query } from './scenario.ts'

/** The queries of floors: each reads the rows of one answer, through the index that the registry uses, and nothing else. */
const ofManifest = 'm.digest, m.is_index, m.layers_size_bytes'
const alive = '(t.expires_at is null or t.expires_at > ?)'
const fromTags = 'from tag t join manifest m on m.id = t.manifest_id where t.repository_id = ?'

export const livePage = (id: number): Query => ({
  text: `select t.name, t.started_at, t.expires_at, t.cause, ${ofManifest} ${fromTags} and ${alive}
    order by t.started_at desc, t.name limit 51`,
  values: [id, Date.now()],
  shape: 'tagPage',
})

export const historyPage = (id: number): Query => ({
  text: `select t.name, t.started_at, t.expires_at, t.ended_at, t.cause, ${ofManifest}
    from tag_revision t join manifest m on m.id = t.manifest_id where t.repository_id = ?
    order by t.started_at desc, t.name limit 51`,
  values: [id],
  shape: 'tagPage',
})

export const tagNamed = (id: number, name: string): Query => ({
  text: `select t.name, t.started_at, t.expires_at, t.cause, ${ofManifest} ${fromTags} and ${alive} and t.name = ?`,
  values: [id, Date.now(), name],
  shape: 'tagPage',
})

const shown = `t.id, t.name, t.started_at, t.created_at, m.digest, m.schema_version, m.is_index, m.config_digest,
  m.content_size_bytes, m.content`

export const swrPage = (id: number, offset: number, place: { path: string; repositoryId: number }): Query => ({
  text:
    offset === 0
      ? `select ${shown} ${fromTags} and ${alive} order by t.started_at desc, t.name limit 10`
      : `select ${shown} from (select t.id from tag t where t.repository_id = ? and ${alive}
          order by t.started_at desc, t.name limit 10 offset ${offset}) page
        join tag t on t.id = page.id join manifest m on m.id = t.manifest_id order by t.started_at desc, t.name`,
  values: [id, Date.now()],
  shape: 'swrPage',
  along: { ...place, domainId: createHash('sha256').update('quayside').digest('hex').slice(0, 32) },
})

export const namesAfter = (id: number, name: string, limit: number): Query => ({
  text: `select t.name from tag t where t.repository_id = ? and ${alive} and t.name > '' order by t.name limit ${limit + 1}`,
  values: [id, Date.now()],
  shape: 'names',
  along: { name, limit },
})

export const manifestOfTag = (id: number, name: string): Query => ({
  text: `select m.id, m.digest, m.media_type, m.content, m.content_key, m.size_bytes ${fromTags} and ${alive} and t.name = ?`,
  values: [id, Date.now(), name],
  shape: 'content',
})

export const manifestByDigest = (id: number, digest: string): Query => ({
  text: `select id, digest, media_type, content, content_key, size_bytes from manifest
    where repository_id = ? and digest = ? and deleted_at is null`,
  values: [id, digest],
  shape: 'content',
})

export const referrersOf = (id: number, subject: string): Query => ({
  text: `select id, media_type, digest, size_bytes, artifact_type, config_media_type, is_index, annotations from manifest
    where repository_id = ? and subject_digest = ? and id > 0 and deleted_at is null order by id limit 1001`,
  values: [id, subject],
  shape: 'referrers',
})
