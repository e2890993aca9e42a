'use strict';

/**
 * Two workers take the files in this order. Those that take longest come first, so that neither waits for the other at the end: the reporter tells the seconds
 * of each file.
 */
const longest = [
  'clients-ansible', 'clients-aws-cli', 'control-plane', 'faults', 'instance', 'runtime-leader', 'runtime-outage', 'storage-crashes', 'storage-faults', 'storage-leaks',
].join('|');

module.exports = {
  spec: ['test/integration/without-operator/*.test.ts', `test/integration/@(${longest}).test.ts`, `test/integration/!(${longest}).test.ts`],
  require: ['./test/integration/setup.ts'],
  reporter: './test/support/reporter.cjs',
  timeout: 300_000,
  slow: 15_000,
  retries: 1,
  'forbid-only': true,
  parallel: true,
  jobs: 2,
};
