import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startControlPlane } from '../../hack/control-plane/control-plane.ts';
import { openCloud } from '../support/cloud.ts';
import { commonSizes, type Bench, type Outcome, type Part, type Size } from './part.ts';
import { autoScalingPart } from './parts/auto-scaling.ts';
import { describePart } from './parts/describe.ts';
import { launchPart } from './parts/launch.ts';
import { pagesPart } from './parts/pages.ts';
import { securityGroupsPart } from './parts/security-groups.ts';
import { volumesPart } from './parts/volumes.ts';

const parts: readonly Part[] = [launchPart, autoScalingPart, securityGroupsPart, volumesPart, describePart, pagesPart];
const sizes: Readonly<Record<string, Size>> = Object.assign({ ...commonSizes }, ...parts.map((part) => part.sizes)) as Record<string, Size>;

const usage = `npm run bench -- [options]: ratios, side by side in one run, on a control plane of its own. Nothing is asserted.
  --only ${parts.map(({ name }) => name).join('|')}   one of the comparisons
${Object.entries(sizes).map(([name, size]) => `  --${`${name} N`.padEnd(22)} ${size.meaning} (${String(size.default)})`).join('\n')}
  --json FILE              writes the figures there too
  --data FOLDER            keeps the control plane's folder (logs, profiles)
  --profile                writes CPU profiles of the operator into the folder of --data`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    data: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, { type: 'string' as const, default: String(size.default) }])),
  },
});
const given = values as Readonly<Record<string, string | boolean | undefined>>;

function size(name: string): number {
  const value = Number(given[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
  return value;
}

const log = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

interface NamedOutcome {
  name: string;
  outcome: Outcome;
}

async function main(): Promise<void> {
  const wanted = parts.filter(({ name }) => values.only === undefined || values.only === name);
  if (wanted.length === 0) throw new Error(`--only must be one of ${parts.map(({ name }) => name).join(', ')}`);
  const dataDirectory = values.data ?? mkdtempSync(join(tmpdir(), 'kube-ec2-bench-'));
  const controlPlane = await startControlPlane({ dataDirectory, log });
  const outcomes: NamedOutcome[] = [];
  // Nothing of one round may burden the next. Names under .test resolve nowhere: images are imported from there by a simulated importer.
  const environment = { KUBE_EC2_TERMINATED_RETENTION_SECONDS: '1', KUBE_EC2_LOG_LEVEL: 'warn', KUBE_EC2_IMPORT_ALLOW: '*.simulated.test' };
  const nodeArguments = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${dataDirectory}`] : [];
  const open = async (special: Part['environment'] = {}): Promise<Bench> => {
    const cloud = await openCloud(controlPlane, { environment: { ...environment, ...special }, nodeArguments });
    return { cloud, tenant: await cloud.open('bench'), size, log };
  };
  try {
    for (const part of wanted.filter((one) => one.environment !== undefined)) {
      outcomes.push(...(await runTogether([part], await open(part.environment))));
    }
    const common = wanted.filter((one) => one.environment === undefined);
    if (common.length > 0) outcomes.push(...(await runTogether(common, await open())));
  } finally {
    await controlPlane.stop();
    if (values.data === undefined) rmSync(dataDirectory, { recursive: true, force: true });
  }
  for (const [what, figure, details] of outcomes.flatMap(({ outcome }) => outcome.rows)) console.log(`${what.padEnd(52)} ${figure}\n    ${details}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figuresOf(outcomes), undefined, 2)}\n`);
}

/** Parts that share an operator: first what needs its controllers, then what must be without. */
async function runTogether(together: readonly Part[], bench: Bench): Promise<NamedOutcome[]> {
  const outcomes: NamedOutcome[] = [];
  const seconds: { name: string; run: () => Promise<Outcome> }[] = [];
  for (const { name, withControllers, withoutControllers } of together) {
    if (withControllers) outcomes.push({ name, outcome: await withControllers(bench) });
    if (withoutControllers) seconds.push({ name, run: await withoutControllers(bench) });
  }
  // What is seeded from here on has nothing behind it, which controllers would mend.
  if (seconds.length > 0) await bench.cloud.operator.stop();
  for (const { name, run } of seconds) outcomes.push({ name, outcome: await run() });
  await bench.cloud.close();
  return outcomes;
}

function figuresOf(outcomes: readonly NamedOutcome[]): Record<string, Record<string, unknown>> {
  const figures: Record<string, Record<string, unknown>> = {};
  for (const { name, outcome } of outcomes) figures[name] = { ...figures[name], ...outcome.figures };
  return figures;
}

if (values.help) console.log(usage);
else await main();
