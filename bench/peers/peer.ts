import type { Target } from '../request.ts'

/** Another registry, which holds what the scenarios with peers ask for. */
export interface Peer {
  name: string
  /** With its version. */
  description: string
  target: Target
  /** Sent with each request. */
  headers: Record<string, string>
  stop(): Promise<void>
}

/** What all registries hold alike: a repository that anybody may read. */
export const sharedRepository = 'bench/public'
export const sharedTags = 1000
