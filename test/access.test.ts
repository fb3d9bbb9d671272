import { describe, expect, it } from 'vitest'
import { quayEndpoints } from '../src/dialects/quay/index.ts'

const routes = quayEndpoints.map(({ route }) => route)
const named = routes.map((route) => [route.operationId ?? `${route.method} ${route.path}`, route] as const)

/** What anybody may ask without a scope: whoever adds to this list has thought about it. */
const withoutScope = [
  'listAllAggregateLogs',
  'getApplicationInformation',
  'createNewUser',
  'discovery',
  'getGlobalMessages',
  'getErrorDescription',
  'getOrganization',
  'getRegistryCapabilities',
  'getUserInformation',
  'getMatchingEntities',
  'initializeUser',
  'linkExternalUser',
  'logout',
  'requestRecoveryEmail',
  'signinUser',
  // Their documents name no scope, as in Quay; they are guarded all the same.
  'getOrganizationTeamPermissions',
  'resetOrganizationApplicationClientSecret',
]

describe('every endpoint', () => {
  it.each(named)('%s declares who may ask', (name, route) => {
    expect(route.security, 'no scope: spread one of access.ts into the route').toBeDefined()
    expect(route.middleware, 'nothing enforces the scope').toBeDefined()
    if (route.security?.length === 0) expect(withoutScope).toContain(name)
  })

  it('has an operation id and a place of its own', () => {
    const ids = routes.map(({ operationId }) => operationId)
    const places = routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
    expect(ids.filter((id, i) => !id || ids.indexOf(id) !== i)).toEqual([])
    expect(places.filter((place, i) => places.indexOf(place) !== i)).toEqual([])
  })
})
