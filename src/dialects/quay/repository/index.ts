export const repositoryEndpoints = [] as const
