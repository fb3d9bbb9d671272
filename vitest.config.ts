import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Real workerd. `QUAYSIDE_TEST_LIBSQL_URL` runs the same suite on a libSQL server instead of D1. */
export default defineConfig(async () => ({
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
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, fileParallelism: !process.env.QUAYSIDE_TEST_LIBSQL_URL },
}))
