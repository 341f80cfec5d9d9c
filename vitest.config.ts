/** Which tests there are and what they need: `x.test.ts` nothing, `x.db.test.ts` the throw-away PostgreSQL of the run. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**'];
/** Started only when a test that needs it was selected. */
const database = { globalSetup: 'server/tests/support/global-setup.ts', testTimeout: 30_000, hookTimeout: 60_000 };

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
          ...{ name: 'database', ...database },
          include: ['server/**/*.db.test.ts'],
          exclude: [...ignored, 'server/tests/sdk/**'],
        },
      },
      {
        test: {
          ...{ name: 'sdk', ...database },
          include: ['server/tests/sdk/*.db.test.ts'],
          // Each has a server of its own; to load its code anew for each took a third of their processor time.
          isolate: false,
        },
      },
    ],
  },
});
