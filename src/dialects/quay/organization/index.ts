export const organizationEndpoints = [] as const
