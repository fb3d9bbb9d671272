import {
  createAgency,
  listQuotas,
  listRegions,
  showAgency,
  showDomainOverview,
  showDomainResourceReports,
  showShareFeatureGates,
} from './account.ts'

export const accountEndpoints = [
  listQuotas,
  showShareFeatureGates,
  showDomainOverview,
  showDomainResourceReports,
  listRegions,
  showAgency,
  createAgency,
] as const
