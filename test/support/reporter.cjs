'use strict';
const { relative } = require('node:path');
const { reporters, Runner } = require('mocha');

/** Lines of an error, and characters of each, that the summary repeats: what shows the end of the output only shows these. */
const LINES = 12;
const LINE_LENGTH = 300;
/** Files that take less are not worth a line. */
const SLOW_FILE_SECONDS = 5;
const FOREIGN_FRAME = /^ +at .*(\/node_modules\/|node:internal)/;

/**
 * Mocha's spec reporter, with one closing line in the plain form that CI systems count: `N passed, N failed, N skipped`. Integration tests go by real
 * clocks on shared machines: what needed its second try is told where it happened, and once more in short before the closing line. Before that stand the
 * files whose tests and hooks took longest.
 */
class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const retried = [];
    runner.on(Runner.constants.EVENT_TEST_RETRY, (test, error) => {
      const told = `RETRIED: ${test.fullTitle()}: ${error?.stack ?? String(error)}`;
      const text = told.split('\n').filter((line) => !FOREIGN_FRAME.test(line)).join('\n');
      retried.push(text);
      process.stdout.write(`\n${text}\n`);
    });
    const secondsByFile = new Map();
    for (const event of [Runner.constants.EVENT_TEST_END, Runner.constants.EVENT_HOOK_END]) {
      // The root hooks, which start the control plane, are of no file.
      runner.on(event, ({ file, duration }) => file && secondsByFile.set(file, (secondsByFile.get(file) ?? 0) + (duration ?? 0) / 1000));
    }
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      for (const [file, seconds] of [...secondsByFile].filter(([, one]) => one >= SLOW_FILE_SECONDS).sort(([, left], [, right]) => right - left)) {
        process.stdout.write(`${seconds.toFixed(0).padStart(5)} s ${relative(process.cwd(), file)}\n`);
      }
      const { passes, failures, pending } = runner.stats;
      for (const text of retried) process.stdout.write(`\n${shortened(text)}\n`);
      process.stdout.write(`\n${passes} passed, ${failures} failed, ${pending} skipped\n`);
    });
  }
}

function shortened(text) {
  const lines = text.split('\n');
  const shown = lines.slice(0, LINES).map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)} ...` : line));
  return [...shown, ...(lines.length > LINES ? [`    ... ${lines.length - LINES} more lines, above`] : [])].join('\n');
}

module.exports = Reporter;
