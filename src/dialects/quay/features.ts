import type { Settings } from '../../settings.ts'

/** A setting that switches a part of the registry on. */
export type Feature = Extract<keyof Settings, `FEATURE_${string}`>

const key = 'x-requires-features'

/**
 * The endpoint is there only while all these features are on; else its path and its method are as if unknown. Spread into
 * a route, like the scope; the OpenAPI document carries it.
 */
export const onlyWith = (...features: Feature[]) => ({ [key]: features })

/** Whether what a route needs is switched on. */
export const isOffered = (route: object, settings: Settings): boolean =>
  ((route as { [key]?: Feature[] })[key] ?? []).every((feature) => settings[feature])

/** The endpoint serves our own console: clients are not told of it. Spread into a route, like the scope. */
export const internal = { 'x-internal': true } as const

/** The endpoint wants a browser's password to have been given lately; documents for consoles say so. */
export const wantsFreshLogin = { 'x-requires-fresh-login': true } as const

export const isInternal = (route: object): boolean => 'x-internal' in route
