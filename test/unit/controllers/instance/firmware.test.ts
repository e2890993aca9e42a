import assert from 'node:assert/strict';
import { InstanceDefinition, type InstanceSpec } from '../../../../operator/api/compute/instance.ts';
import type { Ami } from '../../../../operator/api/compute/ami.ts';
import { devicesFor } from '../../../../operator/controllers/instance/devices.ts';
import { prepareUserData } from '../../../../operator/controllers/instance/prepare-user-data.ts';
import { formatOf } from '../../../../operator/controllers/instance/user-data-volume.ts';
import { virtualMachineFor } from '../../../../operator/controllers/instance/virtual-machine.ts';
import { Secret, type Instance } from '../../../../operator/kubernetes/resources.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { containerDiskAmi, WORLD_NAMESPACE as namespace } from '../../../support/instance-world.ts';

const instanceOf = (spec: Partial<InstanceSpec> = {}): Instance => ({
  apiVersion: InstanceDefinition.apiVersion,
  kind: InstanceDefinition.kind,
  metadata: { name: 'i-0123456789abcdef0', namespace, uid: 'uid' },
  spec: InstanceDefinition.spec.parse({ imageId: 'x', instanceType: 'm5.large', ...spec }),
});
const templateOf = (spec: Partial<Ami['spec']>, { hasUserData = false, hasKey = false } = {}) => {
  const instance = instanceOf();
  const ami = containerDiskAmi('windows', spec);
  const userData = hasUserData ? { secretName: 'answers', digest: 'd' } : undefined;
  const machine = virtualMachineFor({ instance, ami, devices: devicesFor(instance, ami, undefined), securityGroupIds: [], keySecretName: hasKey ? 'key' : undefined, userData, zone: {} });
  return machine.spec.template.spec ?? assert.fail('no template');
};

describe('firmware and user data of a machine', () => {
  const firmware: Record<string, { spec: Partial<Ami['spec']>; want: unknown[] }> = {
    'secure boot needs system management mode': { spec: { bootMode: 'uefi', secureBoot: true }, want: [{ efi: { secureBoot: true } }, { smm: { enabled: true } }, undefined] },
    'UEFI alone starts unsigned systems too': { spec: { bootMode: 'uefi' }, want: [{ efi: { secureBoot: false } }, undefined, undefined] },
    'a TPM is as the image asks': { spec: { bootMode: 'uefi', tpmSupport: 'v2.0' }, want: [{ efi: { secureBoot: false } }, undefined, {}] },
    'BIOS has neither': { spec: {}, want: [undefined, undefined, undefined] },
  };
  for (const [name, { spec, want }] of Object.entries(firmware)) {
    it(name, () => {
      const { domain } = templateOf(spec);
      assert.deepEqual([domain.firmware?.bootloader, domain.features, domain.devices.tpm], want);
    });
  }

  it('Windows Setup gets its answer file on a drive that it can read, and no keys', () => {
    const { volumes, domain, accessCredentials } = templateOf({ platform: 'windows', userDataFormat: 'sysprep' }, { hasUserData: true, hasKey: true });
    assert.deepEqual(volumes?.at(-1), { name: 'cidata', sysprep: { secret: { name: 'answers' } } });
    assert.deepEqual(domain.devices.disks?.at(-1), { name: 'cidata', cdrom: { bus: 'sata' } });
    assert.deepEqual([accessCredentials, formatOf(volumes)], [undefined, 'sysprep']);
  });

  it('without an answer file there is no such drive', () => {
    const { volumes, domain } = templateOf({ userDataFormat: 'sysprep' });
    assert.deepEqual([volumes?.map(({ name }) => name), domain.devices.disks?.map(({ name }) => name), formatOf(volumes)], [['root'], ['root'], 'sysprep']);
  });

  it('keys come by cloud-init', () => {
    const { volumes, accessCredentials } = templateOf({}, { hasKey: true });
    assert.deepEqual([accessCredentials?.length, formatOf(volumes)], [1, 'cloud-init']);
  });

  it('the answer file is written under both names that Windows looks for, wherever it came from', async () => {
    const cluster = new FakeCluster();
    const base64 = Buffer.from('<unattend/>').toString('base64');
    await cluster.create(Secret, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine', namespace }, data: { userdata: base64 } });
    for (const spec of [{ userData: '<unattend/>' }, { userDataSecretRef: { name: 'mine', key: 'userdata' } }]) {
      const source = await prepareUserData(instanceOf(spec), { live: cluster, write: cluster }, 'sysprep');
      assert.ok(source && 'secretName' in source);
      const { data } = cluster.get(Secret, { namespace, name: source.secretName }) ?? {};
      assert.deepEqual(data, { 'autounattend.xml': base64, 'unattend.xml': base64 });
    }
  });
});
