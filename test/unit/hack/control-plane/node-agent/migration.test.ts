import assert from 'node:assert/strict';
import type { Machine, MigrationState } from '../../../../../hack/control-plane/node-agent/machine.ts';
import { migrationBegun, migrationEnded, openMigration } from '../../../../../hack/control-plane/node-agent/migration.ts';

const handedOver = { 'kubevirt.io/migrationTargetNodeName': 'b' };

function machine(migrationState: MigrationState | undefined, labels: Record<string, string> = handedOver): Machine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'm', namespace: 'n', labels },
    spec: { domain: { devices: { interfaces: [{ name: 'default' }] } }, networks: [{ name: 'default', pod: {} }] },
    status: { nodeName: 'a', ...(migrationState && { migrationState }) },
  };
}

describe('a simulated live migration', () => {
  const state = { sourceNode: 'a', targetNode: 'b', targetPod: 'p' };
  const cases: Record<string, { given: Machine; isOpen: boolean }> = {
    'begins when it is handed over': { given: machine(state), isOpen: true },
    'is not there without one': { given: machine(undefined), isOpen: false },
    'waits until the target node is told': { given: machine(state, {}), isOpen: false },
    'is over when it has completed': { given: machine({ ...state, completed: true }), isOpen: false },
    'is over when it has failed': { given: machine({ ...state, failed: true }), isOpen: false },
  };
  for (const [name, { given, isOpen }] of Object.entries(cases)) it(name, () => assert.equal(openMigration(given) !== undefined, isOpen));

  it('ends on the target node, with the address of the target pod', () => {
    const begun = migrationBegun(state, '2026-01-01T00:00:00Z') as { status: { migrationState: MigrationState } };
    assert.equal(begun.status.migrationState.startTimestamp, '2026-01-01T00:00:00Z');
    const ended = migrationEnded(machine(state), begun.status.migrationState, '10.244.0.9', '2026-01-01T00:00:01Z') as {
      metadata: object;
      status: { nodeName: string; interfaces: { ipAddress?: string }[]; migrationState: MigrationState };
    };
    assert.deepEqual(ended.metadata, { labels: { 'kubevirt.io/nodeName': 'b', 'kubevirt.io/migrationTargetNodeName': null } });
    assert.deepEqual([ended.status.nodeName, ended.status.interfaces[0]?.ipAddress, ended.status.migrationState.completed], ['b', '10.244.0.9', true]);
  });
});
