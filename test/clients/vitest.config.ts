import { defineConfig } from 'vitest/config'

/** Programs that people use, against a server of its own: `npm run test:clients`. Not a part of `npm test`. */
export default defineConfig({
  test: { include: ['test/clients/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 120_000, fileParallelism: false },
})
