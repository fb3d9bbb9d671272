import {
  createImageSyncRepo,
  createManualImageSyncRepo,
  deleteImageSyncRepo,
  listImageAutoSyncReposDetails,
  showSyncJob,
} from './syncs.ts'

export const syncEndpoints = [
  createImageSyncRepo,
  listImageAutoSyncReposDetails,
  deleteImageSyncRepo,
  createManualImageSyncRepo,
  showSyncJob,
] as const
