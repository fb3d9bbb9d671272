const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number) => String(n).padStart(2, '0')

/** RFC 2822 with the literal zone `-0000`, as Quay writes instants: `Tue, 25 Feb 2025 15:12:53 -0000`. */
export function rfc2822(at: Date): string {
  const day = `${days[at.getUTCDay()]}, ${two(at.getUTCDate())} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} -0000`
}

export const epochSeconds = (at: Date) => Math.floor(at.getTime() / 1000)

/** ISO 8601 with six digits of a second's fraction, as Quay writes the instants of API tokens. */
export const isoMicroseconds = (at: Date) => at.toISOString().replace('Z', '000Z')

/** The form of HTTP headers, as Quay writes the instants of service keys. */
export const httpDate = (at: Date) => at.toUTCString()
