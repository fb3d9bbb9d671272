import { deleteAssignedAuthorization, listAssignedAuthorizations } from './assignedAuthorizations.ts'
import { changeUserDetails } from './changeUserDetails.ts'
import { convertUserToOrganization } from './convertUserToOrganization.ts'
import { createAppToken } from './createAppToken.ts'
import { createNewUser } from './createNewUser.ts'
import { createStar } from './createStar.ts'
import { deleteCurrentUser } from './deleteCurrentUser.ts'
import { deleteStar } from './deleteStar.ts'
import { generateUserClientKey } from './generateUserClientKey.ts'
import { getAppToken } from './getAppToken.ts'
import { getLoggedInUser } from './getLoggedInUser.ts'
import { getUserInformation } from './getUserInformation.ts'
import { getUserNotification, updateUserNotification } from './getUserNotification.ts'
import { initializeUser } from './initializeUser.ts'
import { listAppTokens } from './listAppTokens.ts'
import { listStarredRepos } from './listStarredRepos.ts'
import { listUserNotifications } from './listUserNotifications.ts'
import { logout } from './logout.ts'
import { requestRecoveryEmail } from './requestRecoveryEmail.ts'
import { revokeAppToken } from './revokeAppToken.ts'
import { signinUser } from './signinUser.ts'
import { deleteUserAuthorization, getUserAuthorization, listUserAuthorizations } from './userAuthorizations.ts'
import { verifyUser } from './verifyUser.ts'

export const userEndpoints = [
  changeUserDetails,
  convertUserToOrganization,
  createAppToken,
  createNewUser,
  createStar,
  deleteAssignedAuthorization,
  deleteCurrentUser,
  deleteStar,
  deleteUserAuthorization,
  generateUserClientKey,
  getAppToken,
  getLoggedInUser,
  getUserAuthorization,
  getUserInformation,
  getUserNotification,
  initializeUser,
  listAppTokens,
  listAssignedAuthorizations,
  listStarredRepos,
  listUserAuthorizations,
  listUserNotifications,
  logout,
  requestRecoveryEmail,
  revokeAppToken,
  signinUser,
  updateUserNotification,
  verifyUser,
] as const
