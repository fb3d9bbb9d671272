import { createNamespace } from './createNamespace.ts'
import { deleteNamespaces } from './deleteNamespaces.ts'
import { listNamespaces } from './listNamespaces.ts'
import { showNamespace } from './showNamespace.ts'

export const namespaceEndpoints = [createNamespace, listNamespaces, showNamespace, deleteNamespaces] as const
