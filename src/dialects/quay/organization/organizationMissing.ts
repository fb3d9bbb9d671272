import { RegistryError } from '../../../errors.ts'

/** What Quay's data model says of an organization that is not there, where no endpoint looked for it first. */
export const organizationMissing = (name: string) => new RegistryError('rule', `Organization does not exist: ${name}`)
