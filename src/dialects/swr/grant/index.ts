import { createNamespaceAuth, deleteNamespaceAuth, showNamespaceAuth, updateNamespaceAuth } from './namespaceAuth.ts'
import {
  createUserRepositoryAuth,
  deleteUserRepositoryAuth,
  showUserRepositoryAuth,
  updateUserRepositoryAuth,
} from './repositoryAuth.ts'

export const grantEndpoints = [
  createNamespaceAuth,
  updateNamespaceAuth,
  deleteNamespaceAuth,
  showNamespaceAuth,
  createUserRepositoryAuth,
  updateUserRepositoryAuth,
  deleteUserRepositoryAuth,
  showUserRepositoryAuth,
] as const
