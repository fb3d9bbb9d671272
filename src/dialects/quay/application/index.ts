import { createOrganizationApplication } from './createOrganizationApplication.ts'

export const applicationEndpoints = [createOrganizationApplication] as const
