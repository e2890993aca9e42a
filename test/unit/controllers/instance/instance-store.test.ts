import assert from 'node:assert/strict';
import type { BlockDeviceMapping } from '../../../../operator/api/compute/block-device-mapping.ts';
import { INSTANCE_STORAGE_ANNOTATION, instanceStorageOf } from '../../../../operator/api/compute/instance-type.ts';
import { objectionToDevices } from '../../../../operator/controllers/instance/devices.ts';
import { containerDiskAmi, instanceWorld, runningWorld, type InstanceWorld } from '../../../support/instance-world.ts';
import { anInstanceType } from '../../../support/cluster-objects.ts';

const types = Object.entries({ 'i3.large': '1x475', 'm5d.4xlarge': '2x300', 'm1.small': '2x160 mapped', 'odd.large': 'much' }).map(([name, storage]) =>
  anInstanceType(name, { annotations: { [INSTANCE_STORAGE_ANNOTATION]: storage } }),
);

/** The machine's own disks with their sizes, then what the node must have room for. */
function storeOf({ kubevirt }: InstanceWorld): string[] {
  const spec = kubevirt.vm?.spec.template.spec;
  const disks = (spec?.volumes ?? []).flatMap(({ name, emptyDisk }) => (emptyDisk === undefined ? [] : [`${name} ${emptyDisk.capacity}`]));
  for (const text of disks) assert.ok(spec?.domain.devices.disks?.some(({ name, serial }) => name === text.split(' ')[0] && serial === name), `${text} is no disk of the machine`);
  const request = spec?.domain.resources?.requests?.['ephemeral-storage'];
  return [...disks, ...(request === undefined ? [] : [String(request)])];
}
const mapped = (deviceName: string, virtualName: string): BlockDeviceMapping => ({ deviceName, virtualName });

describe('the annotation of disks of an instance type', () => {
  const cases: Record<string, unknown> = {
    '1x75': { count: 1, sizeGB: 75, isMapped: false },
    '24x1 mapped': { count: 24, sizeGB: 1, isMapped: true },
    '25x1': undefined,
    '0x75': undefined,
    '1x0': undefined,
    '2x300GB': undefined,
    '': undefined,
  };
  for (const [text, want] of Object.entries(cases)) it(`${text} is ${JSON.stringify(want) ?? 'none'}`, () => assert.deepEqual(instanceStorageOf({ [INSTANCE_STORAGE_ANNOTATION]: text }), want));
});

describe('instance store disks', () => {
  const cases: Record<string, { instanceType: string; ofImage?: BlockDeviceMapping[]; ofLaunch?: BlockDeviceMapping[]; want: string[] }> = {
    'of a type without any there are none, whatever is mapped': { instanceType: 't3.micro', ofLaunch: [mapped('/dev/sdb', 'ephemeral0')], want: [] },
    'of a type whose annotation says nothing there are none': { instanceType: 'odd.large', want: [] },
    'all are there without a mapping': { instanceType: 'm5d.4xlarge', want: ['ephemeral0 300G', 'ephemeral1 300G', '600G'] },
    'all are there with a mapping too': { instanceType: 'm5d.4xlarge', ofLaunch: [mapped('/dev/sdb', 'ephemeral1')], want: ['ephemeral0 300G', 'ephemeral1 300G', '600G'] },
    'of an old type there are none without a mapping': { instanceType: 'm1.small', want: [] },
    'of an old type those that the launch maps': { instanceType: 'm1.small', ofLaunch: [mapped('/dev/sdb', 'ephemeral1')], want: ['ephemeral1 160G', '160G'] },
    'of an old type those that the image maps': { instanceType: 'm1.small', ofImage: [mapped('/dev/sdb', 'ephemeral0')], want: ['ephemeral0 160G', '160G'] },
    'the launch may leave out what the image maps': { instanceType: 'm1.small', ofImage: [mapped('/dev/sdb', 'ephemeral0')], ofLaunch: [{ deviceName: '/dev/sdb', noDevice: true }], want: [] },
    'the launch may put one in the place of a volume': { instanceType: 'm1.small', ofImage: [{ deviceName: '/dev/sdb', ebs: { volumeSize: 5 } }], ofLaunch: [mapped('/dev/sdb', 'ephemeral0')], want: ['ephemeral0 160G', '160G'] },
    'more than the type has are not there': { instanceType: 'm1.small', ofLaunch: [mapped('/dev/sdb', 'ephemeral0'), mapped('/dev/sdc', 'ephemeral2')], want: ['ephemeral0 160G', '160G'] },
  };
  for (const [name, { instanceType, ofImage, ofLaunch, want }] of Object.entries(cases)) {
    it(name, async () => {
      const image = containerDiskAmi('mapped', { ...(ofImage && { blockDeviceMappings: ofImage }) });
      const world = instanceWorld({ imageId: 'mapped', instanceType, ...(ofLaunch && { blockDeviceMappings: ofLaunch }) }, image, ...types);
      await world.settle();
      assert.deepEqual(storeOf(world), want);
      assert.equal(world.kubevirt.vm?.spec.template.spec?.volumes?.filter(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined).length, 0);
    });
  }

  const changes: Record<string, { from: string; to: string; mappings?: BlockDeviceMapping[]; want: string[] }> = {
    'come with a type that has some': { from: 't3.micro', to: 'i3.large', want: ['ephemeral0 475G', '475G'] },
    'go with a type that has none': { from: 'm5d.4xlarge', to: 't3.small', want: [] },
    'are those of the new type': { from: 'm5d.4xlarge', to: 'i3.large', want: ['ephemeral0 475G', '475G'] },
    'are those that were there, of an old type': { from: 'i3.large', to: 'm1.small', want: ['ephemeral0 160G', '160G'] },
    'do not come with an old type': { from: 't3.micro', to: 'm1.small', mappings: [mapped('/dev/sdb', 'ephemeral0')], want: [] },
  };
  for (const [name, { from, to, mappings, want }] of Object.entries(changes)) {
    it(`${name}, once the instance is stopped and starts again with other user data`, async () => {
      const world = await runningWorld({ instanceType: from, userData: 'one', ...(mappings && { blockDeviceMappings: mappings }) }, ...types);
      const before = storeOf(world);
      await world.change({ powerState: 'stopped', instanceType: to, userData: 'two' });
      assert.deepEqual(storeOf(world), before);
      await world.kubevirt.end();
      await world.settle();
      await world.change({ powerState: 'running' });
      assert.deepEqual(storeOf(world), want);
      const { volumes = [], domain } = world.kubevirt.vm?.spec.template.spec ?? {};
      assert.deepEqual(volumes.map((volume) => volume.name).toSorted(), domain?.devices.disks?.map((disk) => disk.name).toSorted());
      assert.ok(volumes.some((volume) => volume.name === 'root') && volumes.some((volume) => volume.cloudInitNoCloud?.secretRef !== undefined));
    });
  }

  it('are never the root', () => {
    const ami = containerDiskAmi('image');
    const instance = instanceWorld({ blockDeviceMappings: [mapped('/dev/xvda', 'ephemeral0')] }).instance();
    assert.match(objectionToDevices(instance, ami) ?? '', /cannot be the instance store volume ephemeral0/);
  });
});
