#!/usr/bin/env node
// A CommonJS launcher, because the size of libuv's thread pool is read once, at its first use, and loading an ES module
// already uses it. Each session of the embedded engine holds one thread while a statement runs.
process.env.UV_THREADPOOL_SIZE ??= '16';
import('../dist/src/cli/main.js').then(
  (program) => program.main(process.argv.slice(2)),
  (cause) => {
    const missing = cause?.code === 'ERR_MODULE_NOT_FOUND' && String(cause.message).includes('dist');
    process.stderr.write(
      missing
        ? 'keytrail: the program is not built\n  next:     npm run build\n'
        : `keytrail: ${cause?.stack ?? cause}\n`,
    );
    process.exitCode = 1;
  },
);
