import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../hack/control-plane/control-plane.ts';

/** Names the folder for the control planes of a test run: given by whoever wants to keep it (logs are in `logs/` there), else made and thrown away by `test/integration/setup.ts`. */
export const TEST_DATA_VARIABLE = 'KUBE_EC2_TEST_DATA';

let shared: Promise<ControlPlane> | undefined;

/**
 * The control plane of this mocha process (each worker of a parallel run has its own): real API server, controllers, scheduler and KubeVirt, three
 * simulated nodes in three zones. Started by the first caller, stopped by `test/integration/setup.ts`; cases keep apart by namespaces of their own.
 */
export async function sharedControlPlane(): Promise<ControlPlane> {
  const folder = process.env[TEST_DATA_VARIABLE];
  if (folder === undefined) throw new Error(`${TEST_DATA_VARIABLE} is not set: run mocha with test/integration/setup.ts`);
  shared ??= startControlPlane({
    dataDirectory: join(folder, `control-plane-${process.env['MOCHA_WORKER_ID'] ?? '0'}`),
    log: (line) => process.stderr.write(`control plane: ${line}\n`),
  }).catch((error: unknown) => {
    // The next file tries again: one bad start must not fail all that come after it.
    shared = undefined;
    throw error;
  });
  return shared;
}

/** Ends the shared control plane, if one was started. */
export async function stopSharedControlPlane(): Promise<void> {
  const controlPlane = await shared?.catch(() => undefined);
  shared = undefined;
  await controlPlane?.stop();
}

/** Creates a namespace with a name that no other has, and returns the name. */
export async function newNamespace(controlPlane: ControlPlane, prefix = 'test'): Promise<string> {
  const namespace = await controlPlane.client.create('/api/v1/namespaces', { metadata: { generateName: `${prefix}-` } });
  return String(namespace.metadata.name);
}
