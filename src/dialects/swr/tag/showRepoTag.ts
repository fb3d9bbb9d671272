import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { manifestTexts } from '../../../domain/manifest/manifestText.ts'
import { RegistryError } from '../../../errors.ts'
import { tagWindow } from '../../../store/tagWindow.ts'
import { type Lookup, onRepository } from '../access.ts'
import { answer, inRepository, repositoryParamsWith } from '../wire.ts'
import { ShownTagView, shownTagView, tagPlace } from './tagView.ts'

const route = createRoute({
  operationId: 'showRepoTag',
  summary: 'Show a tag',
  method: 'get',
  path: `${inRepository}/tags/{tag}`,
  ...onRepository('read', { along: readTag }),
  request: { params: repositoryParamsWith('tag') },
  responses: answer(200, ShownTagView, 'The tag'),
})

export const showRepoTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { tag: name } = c.req.valid('param')
    const { namespace, repository, along } = c.var.granted()
    const [[row]] = along
    if (!row) throw new RegistryError('tag_unknown', `tag ${name} does not exist`)
    const [manifest = ''] = await manifestTexts(c.env.blobs, [row])
    return c.json(shownTagView(row, { ...tagPlace(c.env.settings, c.req.url, namespace, repository), manifest }), 200)
  },
})

function readTag({ store, repositoryId, param, now }: Lookup) {
  const window = { name: param('tag'), column: 'tag', descending: false, offset: 0, limit: 1 } as const
  return [tagWindow(store, repositoryId, window, now)] as const
}
