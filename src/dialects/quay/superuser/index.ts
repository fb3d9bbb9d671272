import { createInstallUser } from './createInstallUser.ts'

export const superuserEndpoints = [createInstallUser] as const
