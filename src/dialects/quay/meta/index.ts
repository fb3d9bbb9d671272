import { discovery } from './discovery.ts'
import { getErrorDescription } from './getErrorDescription.ts'
import { getRegistryCapabilities } from './getRegistryCapabilities.ts'

export const metaEndpoints = [discovery, getErrorDescription, getRegistryCapabilities] as const
