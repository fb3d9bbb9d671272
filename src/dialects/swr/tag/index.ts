import { createRepoTag } from './createRepoTag.ts'
import { deleteRepoTag } from './deleteRepoTag.ts'
import { listRepositoryTags } from './listRepositoryTags.ts'
import { showRepoTag } from './showRepoTag.ts'

export const tagEndpoints = [listRepositoryTags, showRepoTag, createRepoTag, deleteRepoTag] as const
