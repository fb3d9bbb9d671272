import { z } from 'zod'

/** Settings carry Quay's names and, where Quay has one, its default. They arrive as text, or as JSON from wrangler.toml. */
const toggle = (byDefault: boolean) =>
  z
    .union(
      [z.boolean(), z.enum(['true', 'True', 'TRUE', '1', 'false', 'False', 'FALSE', '0', ''])],
      'expected true or false',
    )
    .default(byDefault)
    .transform((value) => value === true || ['true', 'True', 'TRUE', '1'].includes(String(value)))

const whole = (byDefault: number) => z.coerce.number().int().nonnegative().default(byDefault)

/** A list, as JSON or as text with commas. */
const list = (byDefault: string[] = []) =>
  z
    .union([z.array(z.string()), z.string().transform(splitList)], 'expected a list, as JSON or with commas')
    .default(byDefault)
    .readonly()

const jsonList = z.string().transform(parseJson).pipe(z.array(z.string()))

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
}

function splitList(text: string, context: z.RefinementCtx): string[] {
  const trimmed = text.trim()
  if (trimmed.startsWith('[')) {
    const parsed = jsonList.safeParse(trimmed)
    if (!parsed.success) context.addIssue('not a list of texts')
    return parsed.data ?? []
  }
  return trimmed
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}

const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 } as const

/** `2w`, `10m`, `0s` in seconds; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,10})([smhdwy])$/.exec(text.trim())
  return match ? Number(match[1]) * secondsPerUnit[match[2] as keyof typeof secondsPerUnit] : undefined
}

const duration = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((text, context) => {
      const seconds = parseDuration(text)
      if (seconds === undefined) context.addIssue(`expected a duration such as 30s, 10m, 2w, got ${text}`)
      return seconds ?? 0
    })

const shape = {
  SERVER_HOSTNAME: z.string().default(''),
  PREFERRED_URL_SCHEME: z.enum(['http', 'https', '']).default(''),
  REGISTRY_TITLE: z.string().default('Quayside'),
  REGISTRY_TITLE_SHORT: z.string().default('Quayside'),
  REGISTRY_STATE: z.enum(['normal', 'readonly']).default('normal'),
  SECRET_KEY: z.string().min(16, 'needs at least 16 characters of random text'),
  LIBSQL_URL: z.string().default(''),
  LIBSQL_AUTH_TOKEN: z.string().default(''),
  MAIL_DEFAULT_SENDER: z.string().default(''),
  MAIL_SERVER: z.string().default(''),
  MAIL_PORT: z.coerce.number().int().min(1).max(65_535).default(587),
  MAIL_USE_TLS: toggle(true),
  MAIL_USERNAME: z.string().default(''),
  MAIL_PASSWORD: z.string().default(''),

  S3_ENDPOINT: z.union([z.literal(''), z.url({ protocol: /^https?$/ })], 'expected an address').default(''),
  S3_BUCKET: z.string().default(''),
  S3_REGION: z.string().default('auto'),
  S3_ACCESS_KEY_ID: z.string().default(''),
  S3_SECRET_ACCESS_KEY: z.string().default(''),

  SUPER_USERS: list(),
  GLOBAL_READONLY_SUPER_USERS: list(),
  RESTRICTED_USERS_WHITELIST: list(),
  PUBLIC_NAMESPACES: list(),
  BLACKLISTED_EMAIL_DOMAINS: list(),
  DIRECT_OAUTH_CLIENTID_WHITELIST: list(),
  CORS_ORIGIN: list(),
  SSRF_ALLOWED_HOSTS: list(),
  LIBRARY_NAMESPACE: z.string().default('library'),
  LOCAL_OAUTH_HANDLER: z.string().default('/oauth/localapp'),
  AVATAR_KIND: z.enum(['local', 'gravatar']).default('local'),
  INSTANCE_SERVICE_KEY_SERVICE: z.string().default('quay'),

  TAG_EXPIRATION_OPTIONS: list(['0s', '1d', '1w', '2w', '4w']),
  DEFAULT_TAG_EXPIRATION: duration('2w'),
  LABEL_EXPIRATION_MIN_SECONDS: whole(3600),
  LABEL_EXPIRATION_MAX_SECONDS: whole(62_899_200),
  SESSION_TIMEOUT: duration('31d'),
  FRESH_LOGIN_TIMEOUT: duration('10m'),
  USER_RECOVERY_TOKEN_LIFETIME: duration('30m'),
  APP_SPECIFIC_TOKEN_EXPIRATION: z.string().default(''),
  EXPIRED_APP_SPECIFIC_TOKEN_GC: duration('1d'),
  OAUTH_APPLICATION_MAXIMUM_TOKEN_COUNT: z.coerce.number().int().positive().optional(),
  CREATE_PRIVATE_REPO_ON_PUSH: toggle(true),
  CREATE_NAMESPACE_ON_PUSH: toggle(false),
  ROBOTS_DISALLOW: toggle(false),
  ROBOTS_WHITELIST: list(),
  BROWSER_API_CALLS_XHR_ONLY: toggle(false),
  ACTION_LOG_AUDIT_LOGINS: toggle(true),
  ACTION_LOG_AUDIT_LOGIN_FAILURES: toggle(false),
  MAXIMUM_MANIFEST_SIZE: whole(4 * 1024 * 1024),

  EDGE_TTL_SECONDS: whole(5),
  GARBAGE_GRACE_SECONDS: whole(86_400),
  SWR_DOMAIN_NAME: z.string().default('quayside'),
  SWR_REGION: z.string().default('quayside-1'),
  SWR_INTERNAL_HOSTNAME: z.string().default(''),
  SWR_LIST_MAX: whole(1000),
  SWR_NAMESPACE_QUOTA: whole(1000),

  FEATURE_ANONYMOUS_ACCESS: toggle(true),
  FEATURE_APP_SPECIFIC_TOKENS: toggle(true),
  FEATURE_ASSIGN_OAUTH_TOKEN: toggle(true),
  FEATURE_AUTO_PRUNE: toggle(false),
  FEATURE_BILLING: toggle(false),
  FEATURE_BLACKLISTED_EMAILS: toggle(false),
  FEATURE_BUILD_SUPPORT: toggle(false),
  FEATURE_CHANGE_TAG_EXPIRATION: toggle(true),
  FEATURE_DIRECT_LOGIN: toggle(true),
  FEATURE_EDIT_QUOTA: toggle(true),
  FEATURE_EXTENDED_REPOSITORY_NAMES: toggle(true),
  FEATURE_IMAGE_PULL_STATS: toggle(false),
  FEATURE_IMMUTABLE_TAGS: toggle(false),
  FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE: toggle(false),
  FEATURE_INVITE_ONLY_USER_CREATION: toggle(false),
  FEATURE_LIBRARY_SUPPORT: toggle(true),
  FEATURE_MAILING: toggle(false),
  FEATURE_ORG_MIRROR: toggle(false),
  FEATURE_ORG_SHARED_EMAIL: toggle(false),
  FEATURE_PERMANENTLY_DELETE_TAGS: toggle(false),
  FEATURE_PERMANENT_SESSIONS: toggle(true),
  FEATURE_PROXY_CACHE: toggle(false),
  FEATURE_QUOTA_MANAGEMENT: toggle(false),
  FEATURE_QUOTA_NOTIFICATIONS: toggle(false),
  FEATURE_REPO_MIRROR: toggle(false),
  FEATURE_REQUIRE_ENCRYPTED_BASIC_AUTH: toggle(false),
  FEATURE_REQUIRE_TEAM_INVITE: toggle(true),
  FEATURE_RESTRICTED_USERS: toggle(false),
  FEATURE_SECURITY_SCANNER: toggle(false),
  FEATURE_SIGNING: toggle(false),
  FEATURE_SPARSE_IMAGE: toggle(false),
  FEATURE_SPARSE_INDEX: toggle(false),
  FEATURE_SUPERUSERS_FULL_ACCESS: toggle(false),
  FEATURE_SUPERUSERS_ORG_CREATION_ONLY: toggle(false),
  FEATURE_SUPERUSER_CONFIGDUMP: toggle(false),
  FEATURE_SUPER_USERS: toggle(true),
  FEATURE_TEAM_SYNCING: toggle(false),
  FEATURE_UI_MODELCARD: toggle(false),
  FEATURE_USERNAME_CONFIRMATION: toggle(true),
  FEATURE_USER_CREATION: toggle(true),
  FEATURE_USER_INITIALIZE: toggle(false),
  FEATURE_USER_LAST_ACCESSED: toggle(true),
  FEATURE_USER_METADATA: toggle(false),
  FEATURE_USER_RENAME: toggle(false),
}

const s3Settings = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const

const schema = z.object(shape).superRefine((settings, context) => {
  const missing = s3Settings.filter((name) => settings[name] === '')
  if (missing.length === s3Settings.length) return
  for (const name of missing)
    context.addIssue({ code: 'custom', path: [name], message: `needed by the other S3_ settings` })
})

export type Settings = Readonly<z.output<typeof schema>>

/** Whom mail comes from. */
export const senderOf = ({ MAIL_DEFAULT_SENDER, REGISTRY_TITLE, SERVER_HOSTNAME }: Settings) => ({
  name: REGISTRY_TITLE,
  email: MAIL_DEFAULT_SENDER || `registry@${SERVER_HOSTNAME.split(':')[0] || 'localhost'}`,
})

/** Settings that nobody may be shown. */
export const secretSettings: readonly string[] = [
  'SECRET_KEY',
  'LIBSQL_AUTH_TOKEN',
  'MAIL_PASSWORD',
  'S3_SECRET_ACCESS_KEY',
]

/** The settings' JSON Schema. */
export const settingsSchema = (): Record<string, unknown> =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

/** The names of all settings. */
export const settingNames = Object.keys(shape) as (keyof Settings)[]

/** Settings out of a Worker's variables or a process's environment. @throws Error that names each bad setting. */
export function parseSettings(variables: Record<string, unknown>): Settings {
  const given = Object.fromEntries(
    settingNames.map((name) => [name, variables[name]]).filter(([, v]) => v !== undefined),
  )
  const result = schema.safeParse(given)
  if (result.success) return Object.freeze(result.data)
  const complaints = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`bad settings: ${complaints.join('; ')}`)
}
