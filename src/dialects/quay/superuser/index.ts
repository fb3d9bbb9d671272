export const superuserEndpoints = [] as const
