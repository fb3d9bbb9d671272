import { checkRepoEmailAuthorized, sendAuthorizeRepoEmail } from './authorizedEmail.ts'
import { changeRepoState } from './changeRepoState.ts'
import { changeRepoTrust } from './changeRepoTrust.ts'
import { changeRepoVisibility } from './changeRepoVisibility.ts'
import { createRepo } from './createRepo.ts'
import { deleteRepository } from './deleteRepository.ts'
import { getRepo } from './getRepo.ts'
import { getRepoSignatures } from './getRepoSignatures.ts'
import { listRepos } from './listRepos.ts'
import { changeToken, createToken, deleteToken, getTokens, listRepoTokens } from './repoTokens.ts'
import { updateRepo } from './updateRepo.ts'

export const repositoryEndpoints = [
  createRepo,
  listRepos,
  getRepo,
  updateRepo,
  deleteRepository,
  changeRepoVisibility,
  changeRepoState,
  changeRepoTrust,
  getRepoSignatures,
  listRepoTokens,
  createToken,
  getTokens,
  changeToken,
  deleteToken,
  checkRepoEmailAuthorized,
  sendAuthorizeRepoEmail,
] as const
