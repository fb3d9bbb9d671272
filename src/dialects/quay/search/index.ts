import { getMatchingEntities } from './getMatchingEntities.ts'
import { linkExternalUser } from './linkExternalUser.ts'

export const searchEndpoints = [getMatchingEntities, linkExternalUser] as const
