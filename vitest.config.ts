/** Which tests there are and what they need: `x.test.ts` nothing, `x.db.test.ts` the throw-away PostgreSQL of the run. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**'];
/** Started only when a test that needs it was selected. */
const database = { globalSetup: 'server/tests/support/global-setup.ts', testTimeout: 30_000, hookTimeout: 60_000 };
/** Those that start programs and browsers, or stop the process they are in. */
const apart = ['browser', 'crash', 'processes', 'scenarios'].map((folder) => `server/tests/${folder}/**/*.db.test.ts`);

export default defineConfig({
  test: {
    // All cores: tests of a whole server wait about as long as they compute.
    maxWorkers: availableParallelism(),
    // To load the server's code anew for each file took a third of the processor time of most.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: database.testTimeout,
          include: ['{server,scripts,console,bench}/**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.db.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'database', ...database },
          include: ['server/**/*.db.test.ts'],
          exclude: [...ignored, ...apart],
        },
      },
      {
        extends: true,
        test: { ...{ name: 'programs', ...database }, include: apart, exclude: ignored, isolate: true },
      },
    ],
  },
});
