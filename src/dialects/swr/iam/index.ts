import { createIamToken } from './createIamToken.ts'
import { listIamDomains, listIamProjects, showIamUser } from './lookups.ts'

export const iamEndpoints = [createIamToken, listIamProjects, listIamDomains, showIamUser] as const
