/** Which tests there are and what they need: `x.test.ts` nothing, `x.db.test.ts` the throw-away PostgreSQL of the run. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // All cores: tests of a whole server wait about as long as they compute.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,scripts,console,bench}/**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.db.test.ts'],
        },
      },
      {
        test: {
          name: 'database',
          include: ['server/**/*.db.test.ts'],
          exclude: ignored,
          // Started only when a test of this project was selected.
          globalSetup: 'server/tests/support/global-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
