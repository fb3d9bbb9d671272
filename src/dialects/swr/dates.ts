/** RFC 3339 in UTC, in whole seconds. */
export const rfc3339 = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z')
