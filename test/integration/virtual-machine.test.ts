import assert from 'node:assert/strict';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import type { Ami } from '../../operator/api/compute/ami.ts';
import type { InstanceStorage } from '../../operator/api/compute/instance-type.ts';
import { InstanceDefinition, type InstanceSpec } from '../../operator/api/compute/instance.ts';
import { devicesFor } from '../../operator/controllers/instance/devices.ts';
import { virtualMachineFor } from '../../operator/controllers/instance/virtual-machine.ts';
import type { Instance } from '../../operator/kubernetes/resources.ts';
import { newNamespace, sharedControlPlane } from '../support/control-plane.ts';
import { ZONE_LABEL } from '../../operator/kubernetes/node-zone.ts';
import { containerDiskAmi, volumeAmi } from '../support/instance-world.ts';

interface Shape {
  storage?: InstanceStorage;
  ami?: Ami;
  spec?: Partial<InstanceSpec>;
  keySecretName?: string;
  userData?: { secretName: string; digest: string };
  zone?: string;
}

/** Every form that the operator gives a machine. */
const shapes: Record<string, Shape> = {
  'a container disk': { ami: containerDiskAmi('disk') },
  'a container disk with a path, a pull policy and a pull secret': {
    ami: containerDiskAmi('disk', { source: { containerDisk: { image: 'a/b:1', path: '/disk/x.qcow2', imagePullPolicy: 'Always', imagePullSecret: 'registry' } } }),
  },
  'a volume': { ami: volumeAmi('volume') },
  'a volume and two more': {
    ami: volumeAmi('volume'),
    spec: { blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { volumeSize: 1 } }, { deviceName: '/dev/sdg', ebs: { snapshotId: 's' } }] },
  },
  'a container disk and a volume': { ami: containerDiskAmi('disk'), spec: { blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { volumeSize: 1 } }] } },
  'instance store disks': { ami: volumeAmi('volume'), spec: { instanceType: 'm5d.4xlarge' }, storage: { count: 2, sizeGB: 300, isMapped: false } },
  'a key and user data': { ami: volumeAmi('volume'), keySecretName: 'key-1', userData: { secretName: 'user-data', digest: 'd' } },
  UEFI: { ami: containerDiskAmi('disk', { bootMode: 'uefi' }) },
  'UEFI if possible': { ami: containerDiskAmi('disk', { bootMode: 'uefi-preferred' }) },
  arm64: { ami: containerDiskAmi('disk', { architecture: 'arm64' }), spec: { instanceType: 't4g.micro' } },
  'a preference': { ami: containerDiskAmi('disk', { preference: 'linux' }) },
  'a zone and a host name': { ami: volumeAmi('volume'), spec: { hostname: 'web' }, zone: 'us-east-1a' },
  'a machine made stopped': { ami: volumeAmi('volume'), spec: { powerState: 'stopped' } },
};

describe('KubeVirt accepts', () => {
  let plane: ControlPlane;
  let namespace: string;

  before(async () => {
    plane = await sharedControlPlane();
    namespace = await newNamespace(plane, 'shapes');
  });

  for (const [name, { ami = volumeAmi('volume'), spec = {}, keySecretName, userData, zone, storage }] of Object.entries(shapes)) {
    it(`${name}: nothing that we write is dropped or changed`, async () => {
      const { apiVersion, kind } = InstanceDefinition;
      const metadata = { name: 'i-0123456789abcdef0', namespace, uid: '5f0c8c1e-1d5d-4d0e-9a51-0d7a2a7a3f10' };
      const instance: Instance = { apiVersion, kind, metadata, spec: InstanceDefinition.spec.parse({ imageId: 'x', instanceType: 't3.micro', ...spec }) };
      const wanted = virtualMachineFor({ instance, ami, devices: devicesFor(instance, ami, storage), securityGroupIds: ['sg-1'], keySecretName, userData, zone: zone === undefined ? {} : { nodeSelector: { [ZONE_LABEL]: zone } } });
      const admitted = await plane.client.create(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines?dryRun=All&fieldValidation=Strict`, wanted);
      assert.deepEqual(missingFrom(admitted['spec'], wanted.spec), []);
    });
  }
});

/** Paths of `wanted` that `found` does not hold with the same value: what a webhook or the schema took away. */
function missingFrom(found: unknown, wanted: unknown, path = 'spec'): string[] {
  if (typeof wanted !== 'object' || wanted === null) return found === wanted ? [] : [path];
  return Object.entries(wanted).flatMap(([field, value]) => missingFrom((found as Record<string, unknown> | undefined)?.[field], value, `${path}.${field}`));
}
