import assert from 'node:assert/strict';
import type { Machine, VolumeStatus } from '../../../../../hack/control-plane/node-agent/machine.ts';
import { hotplugStep, startedStatus } from '../../../../../hack/control-plane/node-agent/machine-status.ts';

const NOW = '2026-11-24T10:00:00Z';

function aMachine(parts: { volumes?: string[]; volumeStatus?: VolumeStatus[]; network?: 'masquerade' | 'bridge'; conditions?: { type: string; status: string }[] } = {}): Machine {
  const names = parts.volumes ?? ['root'];
  return {
    metadata: { name: 'm', namespace: 'n', uid: 'u' },
    spec: {
      domain: {
        devices: {
          disks: names.map((name) => ({ name, disk: { bus: name.startsWith('extra') ? 'scsi' : 'virtio' } })),
          interfaces: [{ name: 'default', [parts.network ?? 'masquerade']: {} }],
        },
        memory: { guest: '1Gi' },
      },
      networks: [{ name: 'default', pod: {} }],
      volumes: names.map((name) => ({ name })),
    },
    status: {
      conditions: parts.conditions ?? [],
      volumeStatus: parts.volumeStatus ?? names.map((name) => ({ name })),
      interfaces: [{ name: 'default', podInterfaceName: 'eth0' }],
    },
  };
}

interface Started {
  phase: string;
  conditions: { type: string; status: string; reason?: string }[];
  interfaces: Record<string, unknown>[];
  volumeStatus: VolumeStatus[];
}

const started = (machine: Machine): Started => startedStatus(machine, '10.244.0.7', NOW) as Started;

describe('status of a simulated machine', () => {
  it('has the address of its pod, beside what virt-controller knew of the interface', () => {
    const [network] = started(aMachine()).interfaces;
    assert.equal(network?.['ipAddress'], '10.244.0.7');
    assert.equal(network['podInterfaceName'], 'eth0');
    assert.match(String(network['mac']), /^02(:[0-9a-f]{2}){5}$/);
  });

  it('keeps its hardware address', () => {
    const macOf = (): unknown => started(aMachine()).interfaces[0]?.['mac'];
    assert.equal(macOf(), macOf());
  });

  it('names its disks as the guest sees them', () => {
    const { volumeStatus } = started(aMachine({ volumes: ['root', 'cidata'] }));
    assert.deepEqual(volumeStatus.map((volume) => volume.target), ['vda', 'vdb']);
  });

  it('keeps the conditions of others and replaces its own', () => {
    const conditions = [{ type: 'Ready', status: 'False' }, { type: 'AgentConnected', status: 'False' }];
    const byType = Object.fromEntries(started(aMachine({ conditions })).conditions.map((condition) => [condition.type, condition.status]));
    assert.deepEqual(byType, { Ready: 'False', AgentConnected: 'True', LiveMigratable: 'True', StorageLiveMigratable: 'True' });
  });

  const immobile: Record<string, { machine: Machine; want: string | undefined }> = {
    'moves with masquerade and no claim': { machine: aMachine(), want: undefined },
    'stays with a bridge on the pod network': { machine: aMachine({ network: 'bridge' }), want: 'InterfaceNotLiveMigratable' },
    'stays with a volume of one node': {
      machine: aMachine({ volumeStatus: [{ name: 'root', persistentVolumeClaimInfo: { accessModes: ['ReadWriteOnce'] } }] }),
      want: 'DisksNotLiveMigratable',
    },
    'moves with a shared volume': {
      machine: aMachine({ volumeStatus: [{ name: 'root', persistentVolumeClaimInfo: { accessModes: ['ReadWriteMany'] } }] }),
      want: undefined,
    },
  };
  for (const [name, { machine, want }] of Object.entries(immobile)) {
    it(name, () => {
      const condition = started(machine).conditions.find((each) => each.type === 'LiveMigratable');
      assert.deepEqual([condition?.status, condition?.reason], want === undefined ? ['True', undefined] : ['False', want]);
    });
  }
});

describe('hot-plug of a simulated machine', () => {
  const root: VolumeStatus = { name: 'root', target: 'vda' };
  const extra = (phase: string, rest: Partial<VolumeStatus> = {}): VolumeStatus => ({ name: 'extra', phase, hotplugVolume: { attachPodUID: 'p' }, ...rest });
  const steps: Record<string, { volumes: string[]; before: VolumeStatus; want: { phase: string; target?: string } | undefined }> = {
    'mounts what is attached to the node': { volumes: ['root', 'extra'], before: extra('AttachedToNode'), want: { phase: 'MountedToPod' } },
    'waits for the attachment pod': { volumes: ['root', 'extra'], before: extra('AttachedToNode', { hotplugVolume: {} }), want: undefined },
    'gives what is mounted a device': { volumes: ['root', 'extra'], before: extra('MountedToPod'), want: { phase: 'Ready', target: 'sda' } },
    'leaves what is ready alone': { volumes: ['root', 'extra'], before: extra('Ready', { target: 'sda' }), want: undefined },
    'unmounts what left the spec': { volumes: ['root'], before: extra('Ready', { target: 'sda' }), want: { phase: 'UnMountedFromPod', target: '' } },
    'unmounts once': { volumes: ['root'], before: extra('UnMountedFromPod'), want: undefined },
    'has nothing to do with volumes of the boot': { volumes: [], before: { name: 'extra', phase: 'Ready' }, want: undefined },
  };
  for (const [name, { volumes, before, want }] of Object.entries(steps)) {
    it(name, () => {
      const after = hotplugStep(aMachine({ volumes, volumeStatus: [root, before] }));
      if (want === undefined) return assert.equal(after, undefined);
      const volume = after?.find((each) => each.name === 'extra');
      assert.deepEqual([volume?.phase, volume?.target], [want.phase, want.target]);
      assert.deepEqual(after?.[0], root);
    });
  }
});
