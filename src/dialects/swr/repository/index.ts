import { createRepo } from './createRepo.ts'
import { deleteRepo } from './deleteRepo.ts'
import { listReposDetails } from './listReposDetails.ts'
import { showRepository } from './showRepository.ts'
import { updateRepo } from './updateRepo.ts'

export const repositoryEndpoints = [createRepo, listReposDetails, showRepository, updateRepo, deleteRepo] as const
