/** As many entries as one page holds at most, and where the client does not say. */
const pageSizeMax = 1000

/** `n`, clamped: clients ask for 10000, and anything that is no number is as if it were not there. */
export function pageSize(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) return pageSizeMax
  return Math.min(Number(text), pageSizeMax)
}

/** The `Link` header that leads to the next page. */
export const nextLink = (path: string, query: Record<string, string>) =>
  `<${path}?${new URLSearchParams(query)}>; rel="next"`
