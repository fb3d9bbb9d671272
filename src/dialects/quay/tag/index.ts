import { changeTag } from './changeTag.ts'
import { deleteFullTag } from './deleteFullTag.ts'
import { getTagPullStatistics } from './getTagPullStatistics.ts'
import { listRepoTags } from './listRepoTags.ts'
import { removeTagFromTimemachine } from './removeTagFromTimemachine.ts'
import { restoreTag } from './restoreTag.ts'

export const tagEndpoints = [
  listRepoTags,
  changeTag,
  deleteFullTag,
  restoreTag,
  removeTagFromTimemachine,
  getTagPullStatistics,
] as const
