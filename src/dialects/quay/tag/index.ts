import { changeTag } from './changeTag.ts'
import { listRepoTags } from './listRepoTags.ts'

export const tagEndpoints = [listRepoTags, changeTag] as const
