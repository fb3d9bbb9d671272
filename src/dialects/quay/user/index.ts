import { getLoggedInUser } from './getLoggedInUser.ts'
import { initializeUser } from './initializeUser.ts'
import { logout } from './logout.ts'
import { signinUser } from './signinUser.ts'

export const userEndpoints = [getLoggedInUser, initializeUser, logout, signinUser] as const
