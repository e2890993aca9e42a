import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../hack/control-plane/control-plane.ts';

let shared: Promise<ControlPlane> | undefined;

/**
 * The control plane of this mocha process: real API server, controllers, scheduler and KubeVirt, three simulated nodes in three zones.
 * Started by the first caller, stopped by `test/integration/setup.ts`; cases keep apart by namespaces of their own.
 *
 * Its folder is thrown away at the end, unless `KUBE_EC2_TEST_DATA` names one to keep: logs are in `logs/` there.
 */
export async function sharedControlPlane(): Promise<ControlPlane> {
  shared ??= startControlPlane({
    dataDirectory: process.env['KUBE_EC2_TEST_DATA'] ?? mkdtempSync(join(tmpdir(), 'kube-ec2-test-')),
    log: (line) => process.stderr.write(`control plane: ${line}\n`),
  });
  return shared;
}

/** Ends the shared control plane, if one was started. */
export async function stopSharedControlPlane(): Promise<void> {
  const controlPlane = await shared?.catch(() => undefined);
  shared = undefined;
  if (!controlPlane) return;
  await controlPlane.stop();
  if (process.env['KUBE_EC2_TEST_DATA'] === undefined) rmSync(controlPlane.dataDirectory, { recursive: true, force: true });
}

/** Creates a namespace with a name that no other has, and returns the name. */
export async function newNamespace(controlPlane: ControlPlane, prefix = 'test'): Promise<string> {
  const namespace = await controlPlane.client.create('/api/v1/namespaces', { metadata: { generateName: `${prefix}-` } });
  return String(namespace.metadata.name);
}
