import assert from 'node:assert/strict';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { instanceTypes } from '../../hack/instance-types.ts';
import type { VirtualMachine } from '../../operator/kubernetes/kubevirt/core.ts';
import { newNamespace, sharedControlPlane } from '../support/control-plane.ts';
import { install } from '../support/install.ts';

/** The smallest machine of a type. */
function machineOf(namespace: string, instanceType: string, architecture: 'amd64' | 'arm64'): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: instanceType.replace('.', '-'), namespace },
    spec: {
      runStrategy: 'Halted',
      instancetype: { kind: 'VirtualMachineClusterInstancetype', name: instanceType },
      template: {
        spec: {
          architecture,
          domain: { devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }], interfaces: [{ name: 'default', masquerade: {} }] } },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'root', containerDisk: { image: 'containerdisks/debian:12' } }],
        },
      },
    },
  };
}

describe('the catalogue of instance types', () => {
  let plane: ControlPlane;
  let namespace: string;

  before(async () => {
    plane = await sharedControlPlane();
    await install(plane);
    namespace = await newNamespace(plane, 'instance-types');
  });

  for (const { name, architecture } of instanceTypes) {
    it(`${name}: KubeVirt's webhooks accept the type and a machine of it`, async () => {
      const type = await plane.client.get(`/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes/${name}`);
      assert.equal(type.metadata.labels?.['kube-ec2.io/architecture'], architecture);
      const path = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines?dryRun=All&fieldValidation=Strict`;
      const machine = await plane.client.create<VirtualMachine>(path, machineOf(namespace, name, architecture === 'arm64' ? 'arm64' : 'amd64'));
      assert.equal(machine.spec.instancetype?.name, name);
    });
  }
});
