export const prototypeEndpoints = [] as const
