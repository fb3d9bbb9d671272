import { createOrgRobot, createUserRobot } from './createRobot.ts'
import { createOrgRobotFederation, createUserRobotFederation } from './createRobotFederation.ts'
import { deleteOrgRobot, deleteUserRobot } from './deleteRobot.ts'
import { deleteOrgRobotFederation, deleteUserRobotFederation } from './deleteRobotFederation.ts'
import { getOrgRobot, getUserRobot } from './getRobot.ts'
import { getOrgRobotFederation, getUserRobotFederation } from './getRobotFederation.ts'
import { getOrgRobotPermissions, getUserRobotPermissions } from './getRobotPermissions.ts'
import { getOrgRobots, getUserRobots } from './listRobots.ts'
import { regenerateOrgRobotToken, regenerateUserRobotToken } from './regenerateRobotToken.ts'

export const robotEndpoints = [
  getUserRobot,
  getOrgRobot,
  createUserRobot,
  createOrgRobot,
  deleteUserRobot,
  deleteOrgRobot,
  regenerateUserRobotToken,
  regenerateOrgRobotToken,
  getUserRobotFederation,
  getOrgRobotFederation,
  createUserRobotFederation,
  createOrgRobotFederation,
  deleteUserRobotFederation,
  deleteOrgRobotFederation,
  getUserRobotPermissions,
  getOrgRobotPermissions,
  getUserRobots,
  getOrgRobots,
] as const
