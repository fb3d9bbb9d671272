import { listRetentionHistories } from './listRetentionHistories.ts'
import { createRetention, deleteRetention, listRetentions, showRetention, updateRetention } from './retentions.ts'

/** `histories` stands in front: it is no id. */
export const retentionEndpoints = [
  listRetentionHistories,
  createRetention,
  listRetentions,
  showRetention,
  updateRetention,
  deleteRetention,
] as const
