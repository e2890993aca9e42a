import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flagsFrom, type ComponentContext } from './components.ts';
import type { ProcessDefinition } from './managed-process.ts';

/** Programs of storage: the simulated driver, and the real sidecars beside it. */
export const storageTools = ['csi-driver', 'csi-provisioner', 'csi-resizer', 'csi-snapshotter', 'snapshot-controller'] as const;
type StorageTool = (typeof storageTools)[number];

/** The longest path that a unix socket may have on every system, less one for its end. */
const SOCKET_PATH_LIMIT = 103;

/**
 * The CSI driver and its sidecars as they stand in one pod elsewhere: provisioner, snapshotter and resizer talk to the driver over a unix socket. They
 * act with the administrator's rights.
 */
export function storageComponents({ dataDirectory, identities }: ComponentContext, binaries: Readonly<Record<StorageTool, string>>): ProcessDefinition[] {
  const folder = join(dataDirectory, 'csi');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = socketIn(folder);
  const shared = {
    kubeconfig: identities.kubeconfigFor('kube-ec2:storage', ['system:masters']),
    'kube-api-qps': 200,
    'kube-api-burst': 400,
    // A fault that has passed is noticed soon.
    'retry-interval-start': '250ms',
    'retry-interval-max': '5s',
  };
  const sidecar = (name: StorageTool, more: Record<string, string | number | boolean> = {}): ProcessDefinition => ({
    name,
    command: binaries[name],
    arguments: flagsFrom({ ...shared, ...more }),
    stopOrder: 20,
    restarts: true,
    // No state of their own, and no need to end a lease.
    stopTimeoutSeconds: 1,
  });
  return [
    { name: 'csi-driver', command: binaries['csi-driver'], arguments: [socket, join(folder, 'volumes.json')], stopOrder: 25, restarts: true },
    sidecar('csi-provisioner', { 'csi-address': socket, 'strict-topology': true, 'default-fstype': 'ext4' }),
    sidecar('csi-resizer', { 'csi-address': socket }),
    sidecar('csi-snapshotter', { 'csi-address': socket }),
    sidecar('snapshot-controller'),
  ];
}

function socketIn(folder: string): string {
  const path = join(folder, 'csi.sock');
  if (path.length <= SOCKET_PATH_LIMIT) return path;
  return join(tmpdir(), `kube-ec2-csi-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.sock`);
}
