import { RegistryError } from '../../../errors.ts'
import { policiesOf } from '../../../store/policies.ts'
import { type Lookup, type NamespaceLookup, onNamespace, onRepository } from '../access.ts'
import { onlyWith } from '../features.ts'

const offered = onlyWith('FEATURE_IMMUTABLE_TAGS')

/** The endpoint acts on a namespace's policies, which are read along. */
export const onNamespacePolicies = (readOnlySuperuserMayLook = false) => ({
  ...offered,
  ...onNamespace('admin', {
    kind: 'any',
    readOnlySuperuserMayLook,
    missing: (name) => new RegistryError('rule', `Unknown namespace: ${name}`),
    along: ({ store, namespaceId }: NamespaceLookup) => [policiesOf(store, namespaceId)] as const,
  }),
})

/** The endpoint acts on a repository's own policies, which are read along. */
export const onRepositoryPolicies = (readOnlySuperuserMayLook = false) => ({
  ...offered,
  ...onRepository('admin', {
    readOnlySuperuserMayLook,
    along: ({ store, namespaceId, repositoryId }: Lookup) => [policiesOf(store, namespaceId, repositoryId)] as const,
  }),
})

export const namespacePath = '/organization/{orgname}/immutabilitypolicy/' as const
export const repositoryPath = '/repository/{repository}/immutabilitypolicy/' as const
