export const teamEndpoints = [] as const
