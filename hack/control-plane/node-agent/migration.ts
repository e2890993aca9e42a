import type { Machine, MigrationState } from './machine.ts';
import { interfacesFor } from './machine-status.ts';

/** Label by which virt-controller hands a migration over to the handler of the target node. */
const TARGET_NODE_LABEL = 'kubevirt.io/migrationTargetNodeName';
/** Label of the node that a machine runs on. */
const NODE_LABEL = 'kubevirt.io/nodeName';

/** The live migration that waits for its handlers; undefined if there is none. */
export function openMigration(machine: Machine): MigrationState | undefined {
  const { migrationState } = machine.status ?? {};
  const isHandedOver = machine.metadata.labels?.[TARGET_NODE_LABEL] !== undefined;
  return migrationState && isHandedOver && !migrationState.completed && !migrationState.failed ? migrationState : undefined;
}

/** What the handlers say at the begin: the target listens, the source sends. */
export function migrationBegun(state: MigrationState, now: string): Record<string, unknown> {
  return {
    status: {
      migrationState: { ...state, targetNodeAddress: '127.0.0.1', targetDirectMigrationNodePorts: { '49152': 0 }, startTimestamp: now },
    },
  };
}

/** What they say at the end: the guest runs on the target node, with the address of the target pod. */
export function migrationEnded(machine: Machine, state: MigrationState, podAddress: string, now: string): Record<string, unknown> {
  return {
    metadata: { labels: { [NODE_LABEL]: state.targetNode, [TARGET_NODE_LABEL]: null } },
    status: {
      nodeName: state.targetNode,
      interfaces: interfacesFor(machine, podAddress),
      migrationState: { ...state, targetNodeDomainDetected: true, targetNodeDomainReadyTimestamp: now, endTimestamp: now, completed: true },
    },
  };
}
