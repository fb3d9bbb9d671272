import type { Settings } from '../../../settings.ts'
import { idOf } from '../hosts.ts'

/** A deployment is one project, called as its region. */
export const projectId = ({ SWR_REGION }: Settings) => idOf(`project ${SWR_REGION}`)
