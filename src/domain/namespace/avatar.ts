import { hash } from '@stablelib/sha256'
import { toHex } from '../token/secret.ts'

export type AvatarKind = 'user' | 'robot' | 'team' | 'org' | 'app'

export interface Avatar {
  name: string
  hash: string
  color: string
  kind: AvatarKind
}

/** A picture's seed and colour, as Quay computes them: from the e-mail address where there is one, else from the name. */
export function avatarOf(kind: AvatarKind, name: string, email?: string | null): Avatar {
  const source = (email || name).trim().toLowerCase()
  const digest = toHex(hash(new TextEncoder().encode(source)))
  const color = palette[Number.parseInt(digest.slice(0, 2), 16) % palette.length] as string
  return { name, hash: digest, color, kind }
}

const palette = [
  ...['#969696', '#aec7e8', '#ff7f0e', '#ffbb78', '#2ca02c', '#98df8a', '#d62728', '#ff9896'],
  ...['#9467bd', '#c5b0d5', '#8c564b', '#c49c94', '#e377c2', '#f7b6d2', '#7f7f7f', '#c7c7c7'],
  ...['#bcbd22', '#1f77b4', '#17becf', '#9edae5', '#393b79', '#5254a3', '#6b6ecf', '#9c9ede'],
  ...['#9ecae1', '#31a354', '#b5cf6b', '#a1d99b', '#8c6d31', '#ad494a', '#e7ba52', '#a55194'],
]
