import { createGlobalMessage } from './createGlobalMessage.ts'
import { deleteGlobalMessage } from './deleteGlobalMessage.ts'
import { getGlobalMessages } from './getGlobalMessages.ts'

export const messageEndpoints = [getGlobalMessages, createGlobalMessage, deleteGlobalMessage] as const
