export const policyEndpoints = [] as const
