import { changeTag } from './changeTag.ts'
import { deleteFullTag } from './deleteFullTag.ts'
import { listRepoTags } from './listRepoTags.ts'
import { restoreTag } from './restoreTag.ts'

export const tagEndpoints = [listRepoTags, changeTag, deleteFullTag, restoreTag] as const
