/** How floors write rows as the dialects do: by hand, and with no more work than the same bytes need. */
export type Row = Record<string, unknown>

export const shapes = { tagPage, swrPage, names, content, referrers }
export type Shape = keyof typeof shapes

function tagPage(rows: Row[], limit = 50): string {
  const tags = rows.slice(0, limit).map((row) => {
    const end = row.ended_at ?? row.expires_at
    const start = row.started_at as number
    return {
      name: row.name,
      reversion: row.cause === 'restore',
      start_ts: Math.floor(start / 1000),
      ...(end ? { end_ts: Math.floor((end as number) / 1000) } : undefined),
      manifest_digest: row.digest,
      is_manifest_list: row.is_index === 1,
      size: row.layers_size_bytes,
      last_modified: new Date(start).toUTCString().replace('GMT', '-0000'),
      ...(end ? { expiration: new Date(end as number).toUTCString().replace('GMT', '-0000') } : undefined),
    }
  })
  return JSON.stringify({ tags, page: 1, has_additional: rows.length > limit })
}

function swrPage(
  rows: Row[],
  { path, repositoryId, domainId }: { path: string; repositoryId: number; domainId: string },
) {
  const instant = (value: unknown) => new Date(value as number).toISOString().replace(/\.\d+/, '')
  const tags = rows.map((row) => ({
    id: row.id,
    repo_id: repositoryId,
    Tag: row.name,
    image_id: (row.config_digest as string).slice('sha256:'.length),
    manifest: row.content,
    digest: row.digest,
    schema: row.schema_version,
    path: `${path}:${row.name}`,
    internal_path: `${path}:${row.name}`,
    size: row.content_size_bytes,
    is_trusted: false,
    created: instant(row.created_at),
    updated: instant(row.started_at),
    deleted: null,
    domain_id: domainId,
    tag_type: row.is_index === 1 ? 1 : 0,
  }))
  return JSON.stringify(tags)
}

function names(rows: Row[], { name, limit }: { name: string; limit: number }): string {
  return JSON.stringify({ name, tags: rows.slice(0, limit).map((row) => row.name) })
}

function content([row]: Row[]): string {
  return row?.content as string
}

function referrers(rows: Row[]): string {
  const manifests = rows.slice(0, 1000).map((row) => ({
    mediaType: row.media_type,
    digest: row.digest,
    size: row.size_bytes,
    artifactType: row.artifact_type,
    annotations: JSON.parse(row.annotations as string),
  }))
  return JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests })
}
