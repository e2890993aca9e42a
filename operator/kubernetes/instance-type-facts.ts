import { ARCHITECTURE_LABEL, instanceStorageOf, type InstanceStorage } from '../api/compute/instance-type.ts';
import type { Read } from './read.ts';
import { quantityFrom } from './quantity.ts';
import { VirtualMachineClusterInstancetype } from './resources.ts';

/** On a VirtualMachineClusterInstancetype: "true" if it takes a credit specification. */
export const BURSTABLE_ANNOTATION = 'kube-ec2.io/burstable';
/** On a VirtualMachineClusterInstancetype: "false" for a previous generation. */
export const CURRENT_GENERATION_ANNOTATION = 'kube-ec2.io/current-generation';
/** On a VirtualMachineClusterInstancetype: threads of a core that the guest sees; 1 when absent. */
export const THREADS_PER_CORE_ANNOTATION = 'kube-ec2.io/threads-per-core';

/** What EC2's answers say about an instance type. */
export interface InstanceTypeFacts {
  /** `t3.micro` */
  name: string;
  architecture: 'x86_64' | 'arm64';
  vcpus: number;
  memoryMiB: number;
  threadsPerCore: number;
  isBurstable: boolean;
  isCurrentGeneration: boolean;
  /** Disks that live as long as a run of the machine. */
  storage: InstanceStorage | undefined;
}

// The form of spec.instanceType of an Instance: what has no such name cannot be launched.
const TYPE_NAME = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

/** The instance types of the cluster, shipped or made by the administrator, by name. */
export function instanceTypesOf(read: Read): InstanceTypeFacts[] {
  return read
    .list(VirtualMachineClusterInstancetype)
    .flatMap((type) => instanceTypeFactsFrom(type) ?? [])
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The instance type of this name; undefined if there is none, or its name is not of the form family.size. */
export function findInstanceType(read: Read, name: string): InstanceTypeFacts | undefined {
  const type = read.get(VirtualMachineClusterInstancetype, { name });
  return type && instanceTypeFactsFrom(type);
}

/** The disks that machines of a type have. */
export function instanceStorageOfType(name: string, read: Read): InstanceStorage | undefined {
  return instanceStorageOf(read.get(VirtualMachineClusterInstancetype, { name })?.metadata?.annotations);
}

/** Reads the facts off KubeVirt's object; undefined for one that EC2 could not name. */
export function instanceTypeFactsFrom({ metadata, spec }: VirtualMachineClusterInstancetype): InstanceTypeFacts | undefined {
  const { name = '', labels = {}, annotations = {} } = metadata ?? {};
  const memoryBytes = quantityFrom(spec.memory.guest);
  if (!TYPE_NAME.test(name) || memoryBytes === undefined) return undefined;
  const threadsPerCore = Number(annotations[THREADS_PER_CORE_ANNOTATION] ?? '1');
  return {
    name,
    architecture: labels[ARCHITECTURE_LABEL] === 'arm64' ? 'arm64' : 'x86_64',
    vcpus: spec.cpu.guest,
    memoryMiB: Math.floor(memoryBytes / 2 ** 20),
    // A number of threads that does not divide the CPUs cannot be.
    threadsPerCore: threadsPerCore > 0 && spec.cpu.guest % threadsPerCore === 0 ? threadsPerCore : 1,
    isBurstable: annotations[BURSTABLE_ANNOTATION] === 'true',
    isCurrentGeneration: annotations[CURRENT_GENERATION_ANNOTATION] !== 'false',
    storage: instanceStorageOf(annotations),
  };
}
