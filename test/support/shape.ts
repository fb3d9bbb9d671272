/** Keys in order and types of values; texts that have a form show it. */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value === 'object') return Object.entries(value).map(([key, item]) => [key, shapeOf(item)])
  if (typeof value !== 'string') return typeof value
  if (/^sha256:[0-9a-f]{64}$/.test(value)) return 'digest'
  if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} -0000$/.test(value)) return 'date'
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? 'uuid' : 'text'
}
