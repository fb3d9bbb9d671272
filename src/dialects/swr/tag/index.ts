import { listRepositoryTags } from './listRepositoryTags.ts'

export const tagEndpoints = [listRepositoryTags] as const
