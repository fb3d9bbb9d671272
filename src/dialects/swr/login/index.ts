import { createAuthorizationToken, createSecret } from './createSecret.ts'

export const loginEndpoints = [createSecret, createAuthorizationToken] as const
