import { INSTANCE_STORAGE_ANNOTATION } from '../operator/api/compute/instance-type.ts';
import type { VirtualMachineClusterInstancetype } from '../operator/kubernetes/kubevirt/instancetype.ts';
import { yamlFrom } from './generate-crds.ts';
import type { GeneratorOutput } from './generated-file.ts';
import { instanceTypes, type InstanceTypeFacts } from './instance-types.ts';

const PATH = 'charts/kube-ec2/files/instance-types.yaml';
const HEADER = `# Generated from hack/instance-types.ts by "npm run generate"; do not edit.
#
# Instance types are KubeVirt's own kind: add yours with kubectl, named family.size. DescribeInstanceTypes reads, beside cpu and memory:
#   label      kube-ec2.io/architecture       x86_64 (when absent) or arm64
#   annotation kube-ec2.io/burstable          "true" for types that take a credit specification
#   annotation kube-ec2.io/current-generation "false" for a previous generation
#   annotation kube-ec2.io/threads-per-core   threads of a core that the guest sees, 1 when absent: vCPUs are sockets of one core here
#   annotation kube-ec2.io/instance-storage   disks that live as long as a run, as "2x300": count and GB. A machine has all of them, with " mapped" behind it
#                                             only those that block device mappings name; nodes keep them on their ephemeral storage
`;

/** Memory below which KubeVirt refuses a machine with maxGuest, in MiB. */
const HOTPLUG_LEAST_MEMORY_MIB = 1024;

/** One file with a VirtualMachineClusterInstancetype for each type of the catalogue. */
export function generateInstanceTypes(): GeneratorOutput {
  const documents = instanceTypes.map((facts) => yamlFrom(clusterInstancetypeFor(facts)));
  return { files: [{ path: PATH, content: [HEADER, ...documents].join('---\n') }] };
}

/** KubeVirt's object for a type. Without the two limits KubeVirt prepares each machine for four times its CPU and memory. */
export function clusterInstancetypeFor(facts: InstanceTypeFacts): VirtualMachineClusterInstancetype {
  const memory = `${facts.memoryMiB}Mi`;
  // KubeVirt plugs no CPU or memory on other architectures, and refuses a small machine for naming a limit at all.
  const plugsCpu = facts.architecture === 'x86_64';
  const plugsMemory = plugsCpu && facts.memoryMiB >= HOTPLUG_LEAST_MEMORY_MIB;
  return {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: {
      name: facts.name,
      labels: { 'app.kubernetes.io/part-of': 'kube-ec2', 'kube-ec2.io/architecture': facts.architecture, 'kube-ec2.io/family': facts.family },
      annotations: {
        'kube-ec2.io/burstable': String(facts.isBurstable),
        'kube-ec2.io/current-generation': String(facts.isCurrentGeneration),
        'kube-ec2.io/threads-per-core': '1',
        ...(facts.storage !== undefined && { [INSTANCE_STORAGE_ANNOTATION]: facts.storage }),
      },
    },
    spec: {
      cpu: { guest: facts.vcpus, ...(plugsCpu && { maxSockets: facts.vcpus }) },
      memory: { guest: memory, ...(plugsMemory && { maxGuest: memory }) },
    },
  };
}
