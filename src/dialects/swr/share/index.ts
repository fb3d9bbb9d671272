import {
  createRepoDomains,
  deleteRepoDomains,
  listRepoDomains,
  showAccessDomain,
  updateRepoDomains,
} from './accessDomains.ts'
import { listSharedReposDetails } from './listSharedReposDetails.ts'

export const shareEndpoints = [
  createRepoDomains,
  listRepoDomains,
  showAccessDomain,
  updateRepoDomains,
  deleteRepoDomains,
  listSharedReposDetails,
] as const
