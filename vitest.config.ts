import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{core,ingest,processors,rating,sql,detectors,incidents,app,simulator,bench,dashboards,deploy,examples,test}/**/*.test.ts',
          ],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', 'dist*/**'],
          // Unit tests hold no state of the process: sharing workers saves two thirds of their time.
          isolate: false,
          pool: 'threads',
          maxWorkers: '100%',
          // Time is measured by benchmarks, not by tests: a busy machine must not fail one.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', 'dist*/**'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // They wait more than they work: servers that start, connections that come back. Two at a time share two cores well.
          maxWorkers: 2,
        },
      },
    ],
  },
});
