import { changeRepoVisibility } from './changeRepoVisibility.ts'
import { createRepo } from './createRepo.ts'
import { deleteRepository } from './deleteRepository.ts'
import { getRepo } from './getRepo.ts'
import { listRepos } from './listRepos.ts'
import { updateRepo } from './updateRepo.ts'

export const repositoryEndpoints = [
  createRepo,
  listRepos,
  getRepo,
  updateRepo,
  deleteRepository,
  changeRepoVisibility,
] as const
