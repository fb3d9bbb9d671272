import { addManifestLabel } from './addManifestLabel.ts'
import { deleteManifestLabel } from './deleteManifestLabel.ts'
import { getManifestLabel } from './getManifestLabel.ts'
import { getManifestPullStatistics } from './getManifestPullStatistics.ts'
import { getRepoManifest } from './getRepoManifest.ts'
import { getRepoManifestSecurity } from './getRepoManifestSecurity.ts'
import { listManifestLabels } from './listManifestLabels.ts'

export const manifestEndpoints = [
  getRepoManifest,
  listManifestLabels,
  addManifestLabel,
  getManifestLabel,
  deleteManifestLabel,
  getManifestPullStatistics,
  getRepoManifestSecurity,
] as const
