import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // The embedded engine lives in a process's main thread only: in a worker thread it ends the process.
    pool: 'forks',
    // One more than CI has processors: a test file waits a third of its time for processes that start and end.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // Ends what hangs. Some tests are a minute's work, and several minutes' beside others that want all processors.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A busy machine is no fault of the program; what a poll waits for comes or does not.
    expect: { poll: { timeout: 180_000 } },
    env: { UV_THREADPOOL_SIZE: '16' },
  },
});
