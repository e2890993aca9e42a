import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { ensureGoTools } from '../../hack/tools/go-tools.ts';
import { ensurePythonTools } from '../../hack/tools/python-tools.ts';
import { sharedControlPlane, stopSharedControlPlane, TEST_DATA_VARIABLE } from '../support/control-plane.ts';

/** A first run builds the control plane's programs, and those that tests use. */
const BUILD_MILLISECONDS = 30 * 60_000;

let tools: Promise<void> | undefined;

/**
 * What tests ask for themselves, and then find: none of them has the time that a build takes beside the tests of another worker. What cannot be had, they
 * tell.
 */
async function ensureTools(): Promise<void> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  tools ??= (async () => {
    await ensureGoTools(['helm', 'network-policies', 'prometheus'], log);
    for (const set of ['clients', 'ansible'] as const) await ensurePythonTools(set, log);
  })().catch((error: unknown) => log(String(error)));
  await tools;
}

/** Mocha's root hooks: one control plane for all files of the process. In parallel runs they surround each file, but a worker keeps its control plane. */
export const mochaHooks = {
  async beforeAll(this: Context): Promise<void> {
    this.timeout(BUILD_MILLISECONDS);
    await sharedControlPlane();
    await ensureTools();
  },
  async afterAll(this: Context): Promise<void> {
    if (process.env['MOCHA_WORKER_ID'] !== undefined) return; // the watchdog ends the children of a worker with the worker
    this.timeout(60_000);
    await stopSharedControlPlane();
  },
};

let folder: string | undefined;

/** Once a run, in the process that owns the workers: a folder for their control planes. */
export function mochaGlobalSetup(): void {
  if (process.env[TEST_DATA_VARIABLE] !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'kube-ec2-test-'));
  process.env[TEST_DATA_VARIABLE] = folder;
}

/** Removes the folder; what the watchdogs are just ending may still write into it. */
export function mochaGlobalTeardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 30, retryDelay: 500 });
}
