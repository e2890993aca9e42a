'use strict';
const { reporters, Runner } = require('mocha');

/** Mocha's spec reporter, with one closing line in the plain form that CI systems count: `N passed, N failed, N skipped`. */
class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      process.stdout.write(`\n${passes} passed, ${failures} failed, ${pending} skipped\n`);
    });
  }
}

module.exports = Reporter;
