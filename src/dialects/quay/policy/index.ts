import { createOrgImmutabilityPolicy, createRepositoryImmutabilityPolicy } from './createImmutabilityPolicy.ts'
import { deleteOrgImmutabilityPolicy, deleteRepositoryImmutabilityPolicy } from './deleteImmutabilityPolicy.ts'
import { getOrgImmutabilityPolicy, getRepositoryImmutabilityPolicy } from './getImmutabilityPolicy.ts'
import { listOrgImmutabilityPolicies, listRepositoryImmutabilityPolicies } from './listImmutabilityPolicies.ts'
import { updateOrgImmutabilityPolicy, updateRepositoryImmutabilityPolicy } from './updateImmutabilityPolicy.ts'

export const policyEndpoints = [
  listOrgImmutabilityPolicies,
  listRepositoryImmutabilityPolicies,
  createOrgImmutabilityPolicy,
  createRepositoryImmutabilityPolicy,
  getOrgImmutabilityPolicy,
  getRepositoryImmutabilityPolicy,
  updateOrgImmutabilityPolicy,
  updateRepositoryImmutabilityPolicy,
  deleteOrgImmutabilityPolicy,
  deleteRepositoryImmutabilityPolicy,
] as const
