export const permissionEndpoints = [] as const
