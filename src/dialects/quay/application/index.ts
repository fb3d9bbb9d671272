export const applicationEndpoints = [] as const
