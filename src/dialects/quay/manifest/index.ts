export const manifestEndpoints = [] as const
