import { createTrigger, deleteTrigger, listTriggersDetails, showTrigger, updateTrigger } from './triggers.ts'

export const triggerEndpoints = [createTrigger, listTriggersDetails, showTrigger, updateTrigger, deleteTrigger] as const
