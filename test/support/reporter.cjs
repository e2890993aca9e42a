'use strict';
const { reporters, Runner } = require('mocha');

/** Mocha's spec reporter, with one closing line in the plain form that CI systems count: `N passed, N failed, N skipped`. */
class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    // Integration tests go by real clocks on shared machines; what needed its second try is told, so that it can be looked into.
    runner.on(Runner.constants.EVENT_TEST_RETRY, (test, error) => {
      process.stdout.write(`\nRETRIED: ${test.fullTitle()}: ${error?.stack ?? String(error)}\n`);
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      process.stdout.write(`\n${passes} passed, ${failures} failed, ${pending} skipped\n`);
    });
  }
}

module.exports = Reporter;
