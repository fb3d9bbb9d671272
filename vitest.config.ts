import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** What looks at files or talks to programs, and so cannot run in workerd. */
const onNode = [
  'test/architecture.test.ts',
  'test/blobs/files.test.ts',
  'test/documents/**/*.test.ts',
  'test/mail/**/*.test.ts',
  'test/outbound/node*.test.ts',
  'test/store/libsqlFile.test.ts',
]

/** Real workerd. `QUAYSIDE_TEST_LIBSQL_URL` runs the same suite on a libSQL server instead of D1. */
export default defineConfig(async () => ({
  test: {
    testTimeout: 30_000,
    fileParallelism: !process.env.QUAYSIDE_TEST_LIBSQL_URL,
    projects: [
      {
        extends: true as const,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(`${import.meta.dirname}/drizzle`),
                TEST_LIBSQL_URL: process.env.QUAYSIDE_TEST_LIBSQL_URL ?? '',
              },
            },
          }),
        ],
        // Files share a worker: to start one and load the app costs more than the tests. A test empties its database itself.
        test: {
          name: 'workers',
          include: ['test/**/*.test.ts'],
          exclude: [...onNode, 'test/clients/**'],
          isolate: false,
        },
      },
      { extends: true as const, test: { name: 'node', include: onNode } },
    ],
  },
}))
