import assert from 'node:assert/strict';
import type { InstanceSpec } from '../../../../operator/api/compute/instance.ts';
import { InstanceDefinition } from '../../../../operator/api/compute/instance.ts';
import type { Ami } from '../../../../operator/api/compute/ami.ts';
import { devicesFor, objectionToDevices } from '../../../../operator/controllers/instance/devices.ts';
import { firmwareUuidOf, macAddressOf, volumeIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { securityGroupPatchFor } from '../../../../operator/controllers/instance/relabel.ts';
import { securityGroupLabelOf } from '../../../../operator/api/network/security-group.ts';
import { virtualMachineFor } from '../../../../operator/controllers/instance/virtual-machine.ts';
import type { Instance, VirtualMachine } from '../../../../operator/kubernetes/resources.ts';
import { containerDiskAmi, volumeAmi, WORLD_NAMESPACE } from '../../../support/instance-world.ts';

function anInstance(spec: Partial<InstanceSpec> = {}, uid = '5f0c8c1e-1d5d-4d0e-9a51-0d7a2a7a3f10'): Instance {
  const { apiVersion, kind } = InstanceDefinition;
  const metadata = { name: 'i-0123456789abcdef0', namespace: WORLD_NAMESPACE, uid };
  return { apiVersion, kind, metadata, spec: InstanceDefinition.spec.parse({ imageId: 'x', instanceType: 'm5.large', ...spec }) };
}

function machineOf(spec: Partial<InstanceSpec> = {}, ami: Ami = volumeAmi('volume')): VirtualMachine {
  const instance = anInstance(spec);
  return virtualMachineFor({ instance, ami, devices: devicesFor(instance, ami, undefined), securityGroupIds: ['sg-1'], keySecretName: undefined, userData: undefined, zone: {} });
}

describe('the machine of an instance', () => {
  const { metadata, spec } = machineOf();
  const template = spec.template.spec;

  it('is named by the id and carries it to run and pod', () => {
    assert.equal(metadata?.name, 'i-0123456789abcdef0');
    assert.deepEqual(spec.template.metadata?.labels, { 'kube-ec2.io/instance-id': 'i-0123456789abcdef0', [securityGroupLabelOf('sg-1')]: '' });
  });

  it('has the size of its instance type, and says nothing of processors and memory itself', () => {
    assert.deepEqual(spec.instancetype, { kind: 'VirtualMachineClusterInstancetype', name: 'm5.large' });
    assert.deepEqual(Object.keys(template?.domain ?? {}).sort(), ['devices', 'firmware']);
  });

  it('is reached by a name of the headless Service', () => {
    assert.deepEqual([template?.hostname, template?.subdomain], ['i-0123456789abcdef0', 'instances']);
    assert.equal(machineOf({ hostname: 'web' }).spec.template.spec?.hostname, 'web');
  });

  it('has one disk for each volume, the root first to boot', () => {
    const disks = (template?.domain.devices.disks ?? []).map(({ name, bootOrder, serial }) => ({ name, bootOrder, serial }));
    const rootId = volumeIdOf(anInstance(), '/dev/xvda').replace('-', '');
    assert.deepEqual(disks, [{ name: 'root', bootOrder: 1, serial: rootId }, { name: 'cidata', bootOrder: undefined, serial: undefined }]);
    assert.deepEqual((template?.volumes ?? []).map(({ name }) => name), ['root', 'cidata']);
    assert.equal(rootId.length, 20, 'virtio shows 20 characters of a serial');
  });

  it('has its network behind the pod, with an address of its own', () => {
    assert.deepEqual(template?.networks, [{ name: 'default', pod: {} }]);
    assert.deepEqual(template?.domain.devices.interfaces, [{ name: 'default', masquerade: {}, model: 'virtio', macAddress: macAddressOf(anInstance()) }]);
  });

  it('boots a container image as it is', () => {
    const image = containerDiskAmi('disk', { source: { containerDisk: { image: 'a/b:1', path: '/disk/x.img', imagePullPolicy: 'Always', imagePullSecret: 's' } } });
    assert.deepEqual(machineOf({}, image).spec.template.spec?.volumes?.[0], {
      name: 'root',
      containerDisk: { image: 'a/b:1', path: '/disk/x.img', imagePullPolicy: 'Always', imagePullSecret: 's' },
    });
  });

  const firmware: Record<string, { ami: Partial<Ami['spec']>; architecture: string; isUefi: boolean }> = {
    'boots by BIOS by default': { ami: {}, architecture: 'amd64', isUefi: false },
    'boots by UEFI where the image says so': { ami: { bootMode: 'uefi' }, architecture: 'amd64', isUefi: true },
    'boots by UEFI where the image prefers so': { ami: { bootMode: 'uefi-preferred' }, architecture: 'amd64', isUefi: true },
    'says nothing about UEFI on arm64, which has no other': { ami: { architecture: 'arm64', bootMode: 'uefi' }, architecture: 'arm64', isUefi: false },
  };
  for (const [name, { ami, architecture, isUefi }] of Object.entries(firmware)) {
    it(name, () => {
      const made = machineOf({}, containerDiskAmi('disk', ami)).spec.template.spec;
      assert.equal(made?.architecture, architecture);
      assert.equal(made?.domain.firmware?.bootloader !== undefined, isUefi);
    });
  }
});

describe('the identity of a machine', () => {
  const [first, again, second] = [anInstance({}, 'a'), anInstance({}, 'a'), anInstance({}, 'b')];

  it('is the same at each start and another for another Instance, even of the same name', () => {
    assert.equal(firmwareUuidOf(first), firmwareUuidOf(again));
    assert.notEqual(firmwareUuidOf(first), firmwareUuidOf(second));
    assert.equal(macAddressOf(first), macAddressOf(again));
    assert.notEqual(macAddressOf(first), macAddressOf(second));
    assert.notEqual(volumeIdOf(first, '/dev/xvda'), volumeIdOf(first, '/dev/xvdb'));
  });

  it('has the forms that others check', () => {
    assert.match(firmwareUuidOf(first), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.match(macAddressOf(first), /^02(:[0-9a-f]{2}){5}$/);
    assert.match(volumeIdOf(first, '/dev/xvda'), /^vol-[0-9a-f]{17}$/);
  });
});

describe('the devices of an instance', () => {
  const ami = volumeAmi('volume', { blockDeviceMappings: [{ deviceName: '/dev/sdb', ebs: { volumeSize: 10, deleteOnTermination: false } }] });
  const devicesOf = (...mappings: NonNullable<InstanceSpec['blockDeviceMappings']>): string[] =>
    devicesFor(anInstance({ blockDeviceMappings: mappings }), ami, undefined).volumes.map(
      ({ deviceName, requestedGiB, imageGiB, deleteOnTermination, source, ebs }) =>
        `${deviceName} ${String(requestedGiB ?? imageGiB ?? 'none')} ${ebs.snapshotId ?? source?.persistentVolumeClaim?.claimName ?? 'blank'}${deleteOnTermination ? '' : ' kept'}`,
    );

  const cases: Record<string, { mappings: NonNullable<InstanceSpec['blockDeviceMappings']>; want: string[] }> = {
    'are those of the image': { mappings: [], want: ['/dev/xvda 4 golden', '/dev/sdb 10 blank kept'] },
    'change in what the instance says, and only in that': {
      mappings: [{ deviceName: '/dev/sdb', ebs: { volumeSize: 20 } }],
      want: ['/dev/xvda 4 golden', '/dev/sdb 20 blank kept'],
    },
    'may be left out': { mappings: [{ deviceName: '/dev/sdb', noDevice: true }], want: ['/dev/xvda 4 golden'] },
    'may be more': { mappings: [{ deviceName: '/dev/sdf', ebs: { volumeSize: 5, snapshotId: 's' } }], want: ['/dev/xvda 4 golden', '/dev/sdb 10 blank kept', '/dev/sdf 5 s'] },
    'have no instance-store volumes of a type without any': { mappings: [{ deviceName: '/dev/sdc', virtualName: 'ephemeral0' }], want: ['/dev/xvda 4 golden', '/dev/sdb 10 blank kept'] },
    'the root may be larger and outlive the instance': {
      mappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 50, deleteOnTermination: false } }],
      want: ['/dev/xvda 50 golden kept', '/dev/sdb 10 blank kept'],
    },
  };
  for (const [name, { mappings, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(devicesOf(...mappings), want));

  it('of a container image have no EBS-like root', () => {
    const instance = anInstance({ blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 5 } }] });
    assert.match(objectionToDevices(instance, containerDiskAmi('disk')) ?? '', /container-disk AMI/);
  });

  it('need a size where there is nothing to take it from', () => {
    assert.match(objectionToDevices(anInstance({ blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: {} }] }), ami) ?? '', /needs volumeSize/);
  });
});

describe('a change of security groups', () => {
  const labels = { 'kube-ec2.io/instance-id': 'i-1', [securityGroupLabelOf('sg-1')]: '', [securityGroupLabelOf('sg-2')]: '' };
  const cases: Record<string, { wanted: string[]; want: object | undefined }> = {
    'is nothing where nothing changes': { wanted: ['sg-2', 'sg-1'], want: undefined },
    'adds and removes in one patch, and leaves other labels alone': {
      wanted: ['sg-2', 'sg-3'],
      want: { [securityGroupLabelOf('sg-3')]: '', [securityGroupLabelOf('sg-1')]: null },
    },
    'may leave none': { wanted: [], want: { [securityGroupLabelOf('sg-1')]: null, [securityGroupLabelOf('sg-2')]: null } },
  };
  for (const [name, { wanted, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(securityGroupPatchFor(labels, wanted), want));
});
