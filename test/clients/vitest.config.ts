import { defineConfig } from 'vitest/config'

/**
 * Programs that people use, against a server of its own: `npm run test:clients`, in workerd and then under Node.
 * `-- --project workerd` runs one of the two. Not a part of `npm test`.
 */
const runtime = (name: string) => ({
  extends: true as const,
  test: { name, env: { QUAYSIDE_TEST_RUNTIME: name } },
})

export default defineConfig({
  test: {
    include: ['test/clients/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    projects: [runtime('workerd'), runtime('node')],
  },
})
