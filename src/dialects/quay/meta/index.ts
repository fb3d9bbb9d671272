import { discovery } from './discovery.ts'

export const metaEndpoints = [discovery] as const
