import assert from 'node:assert/strict';
import { clusterInstancetypeFor } from '../../../hack/generate-instance-types.ts';
import { instanceTypes } from '../../../hack/instance-types.ts';
import { instanceStorageOf } from '../../../operator/api/compute/instance-type.ts';
import { InstanceType } from '../../../operator/api/compute/instance.ts';

// From the table of AWS's documentation: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
const facts: Record<string, [vcpus: number, memoryGiB: number]> = {
  't2.nano': [1, 0.5], 't2.micro': [1, 1], 't2.medium': [2, 4], 't2.2xlarge': [8, 32],
  't3.nano': [2, 0.5], 't3.micro': [2, 1], 't3a.small': [2, 2], 't3.large': [2, 8], 't4g.xlarge': [4, 16],
  'm5.large': [2, 8], 'm5.12xlarge': [48, 192], 'm6i.xlarge': [4, 16], 'm7i.8xlarge': [32, 128], 'm6g.medium': [1, 4],
  'c5.large': [2, 4], 'c5.9xlarge': [36, 72], 'c6i.4xlarge': [16, 32], 'c7i.8xlarge': [32, 64], 'c6g.medium': [1, 2],
  'i3.xlarge': [4, 30.5], 'i4i.large': [2, 16], 'r5.large': [2, 16], 'r6i.2xlarge': [8, 64], 'r7i.8xlarge': [32, 256], 'r6g.4xlarge': [16, 128],
};

describe('the catalogue of instance types', () => {
  const typesByName = new Map(instanceTypes.map((type) => [type.name, type]));

  for (const [name, [vcpus, memoryGiB]] of Object.entries(facts)) {
    it(`${name} has ${vcpus} vCPU and ${memoryGiB} GiB, as in EC2`, () => {
      const type = typesByName.get(name);
      assert.deepEqual([type?.vcpus, type?.memoryMiB], [vcpus, memoryGiB * 1024]);
    });
  }

  // Ditto, in GB: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
  const storage = { 'm5d.large': '1x75', 'm5d.12xlarge': '2x900', 'r5d.8xlarge': '2x600', 'c5d.9xlarge': '1x900', 'm6id.large': '1x118', 'c6id.8xlarge': '1x1900', 'i3.8xlarge': '4x1900', 'i4i.4xlarge': '1x3750', 'm1.small': '1x160 mapped', 'm5.large': undefined };
  for (const [name, want] of Object.entries(storage)) it(`${name} has ${want ?? 'no'} disks of its own`, () => assert.equal(typesByName.get(name)?.storage, want));

  it('gives disks in a form that is read', () => {
    const told = instanceTypes.filter((type) => type.storage !== undefined);
    assert.deepEqual(told.filter((type) => instanceStorageOf(clusterInstancetypeFor(type).metadata?.annotations) === undefined), []);
  });

  it('names each type once', () => assert.equal(typesByName.size, instanceTypes.length));

  it('has only names that an Instance accepts', () => {
    assert.deepEqual(instanceTypes.filter(({ name }) => !InstanceType.safeParse(name).success), []);
  });

  it('gives the Graviton families, and only those, the arm64 architecture', () => {
    const families = new Set(instanceTypes.filter(({ architecture }) => architecture === 'arm64').map(({ family }) => family));
    assert.deepEqual([...families].sort(), ['c6g', 'm6g', 'r6g', 't4g']);
  });

  it('calls the T families, and only those, burstable', () => {
    assert.deepEqual(instanceTypes.filter(({ family, isBurstable }) => family.startsWith('t') !== isBurstable), []);
  });

  const limits = {
    'a type of a GiB or more cannot grow': { name: 't3.micro', want: { maxSockets: 2, maxGuest: '1024Mi' } },
    'a smaller type names no memory limit, which KubeVirt would refuse': { name: 't3.nano', want: { maxSockets: 2, maxGuest: undefined } },
    'an arm64 type names no limits, where KubeVirt plugs nothing': { name: 'm6g.large', want: { maxSockets: undefined, maxGuest: undefined } },
  };
  for (const [sentence, { name, want }] of Object.entries(limits)) {
    it(sentence, () => {
      const type = typesByName.get(name);
      assert.ok(type);
      const { cpu, memory } = clusterInstancetypeFor(type).spec;
      assert.deepEqual({ maxSockets: cpu.maxSockets, maxGuest: memory.maxGuest }, want);
    });
  }

  it('keeps memory aligned to 2 MiB, which KubeVirt wants of a limit', () => {
    assert.deepEqual(instanceTypes.filter(({ memoryMiB }) => memoryMiB % 2 !== 0), []);
  });
});
