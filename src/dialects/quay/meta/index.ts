export const metaEndpoints = [] as const
