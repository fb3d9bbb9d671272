export const robotEndpoints = [] as const
