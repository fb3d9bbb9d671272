/**
 * Whether answers for an application may be sent to this address: it is the registered one, or the registry's own page
 * that shows a token. The same address, not one that begins alike: other registries were robbed of tokens through less.
 */
export function isRedirectOf(registered: string, asked: string, ownPage: string): boolean {
  const address = normalized(asked)
  return address !== undefined && (address === normalized(ownPage) || address === normalized(registered))
}

/** An address as browsers read it; undefined for one that has no host, or parts that have no business in it. */
function normalized(text: string): string | undefined {
  // Browsers take a backslash for a slash and drop control characters: what we checked would not be where they go.
  if (/[\\\s]/.test(text) || hasControlCharacter(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlain = !url.username && !url.password && !text.includes('#')
  return isPlain && url.host !== '' && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined
}

const hasControlCharacter = (text: string) => [...text].some((c) => c < ' ' || c === '\u007f')

/** The address with an answer in its query, and another behind the `#`. What it had in its query stays. */
export function withAnswer(address: string, query: Record<string, string | undefined>, fragment?: string): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.append(name, value)
  return fragment === undefined ? url.href : `${url.href}#${fragment}`
}
