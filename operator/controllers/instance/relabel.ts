import { securityGroupLabelOf } from '../../api/network/security-group.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { VPC_LABEL_PREFIX, vpcLabelOf } from '../../api/network/vpc.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Pod, VirtualMachine, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { podsByMachine } from './indexes.ts';
import { securityGroupIdsFrom } from './virtual-machine.ts';

type Labels = { [label: string]: string | null };

/** Labels to set and (null) to remove so that the security groups are these; undefined if they are. Pure. */
export function securityGroupPatchFor(labels: Readonly<Record<string, string>> | undefined, wanted: readonly string[]): Labels | undefined {
  return patchBetween(securityGroupIdsFrom(labels).map(securityGroupLabelOf), wanted.map(securityGroupLabelOf));
}

/** The same for the VPC; without one nothing is changed. Pure. */
export function vpcPatchFor(labels: Readonly<Record<string, string>> | undefined, vpcId: string | undefined): Labels | undefined {
  return vpcId === undefined ? undefined : patchBetween(membershipsIn(labels).filter((label) => label.startsWith(VPC_LABEL_PREFIX)), [vpcLabelOf(vpcId)]);
}

function patchBetween(present: readonly string[], wanted: readonly string[]): Labels | undefined {
  const added = wanted.filter((label) => !present.includes(label)).map((label) => [label, '']);
  const removed = present.filter((label) => !wanted.includes(label)).map((label) => [label, null]);
  return added.length + removed.length === 0 ? undefined : (Object.fromEntries([...added, ...removed]) as Labels);
}

/** Labels of security groups and VPCs. */
function membershipsIn(labels: Readonly<Record<string, string>> | undefined): string[] {
  return Object.keys(labels ?? {}).filter((label) => label.startsWith(securityGroupLabelOf('')) || label.startsWith(VPC_LABEL_PREFIX));
}

/** What makes the memberships of a run or pod those of its machine's template. */
function patchToTemplate(labels: Readonly<Record<string, string>> | undefined, vm: VirtualMachine): Labels | undefined {
  return patchBetween(membershipsIn(labels), membershipsIn(vm.spec.template.metadata?.labels));
}

/** Carries security groups and VPC of the template over to the run of the machine: KubeVirt copies labels only when it makes the run. */
export async function relabelRun(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined, write: Write): Promise<void> {
  if (vmi?.metadata?.name === undefined || vmi.metadata.deletionTimestamp !== undefined) return;
  const labels = patchToTemplate(vmi.metadata.labels, vm);
  if (labels === undefined) return;
  await write.patch(VirtualMachineInstance, { namespace: vmi.metadata.namespace, name: vmi.metadata.name }, { metadata: { labels } });
}

/**
 * The same for the pods of the run, which are what policies select: one, or two while the machine moves to another node. A pod that ends keeps its labels
 * up to date too, as its guest may talk until the last moment.
 */
export async function relabelPods(vm: VirtualMachine, read: Read, write: Write): Promise<void> {
  const { namespace, name = '' } = vm.metadata ?? {};
  for (const { metadata } of read.byIndex(podsByMachine, `${namespace ?? ''}/${name}`)) {
    const labels = patchToTemplate(metadata?.labels, vm);
    if (labels === undefined) continue;
    await write.patch(Pod, { namespace, name: metadata?.name ?? '' }, { metadata: { labels } }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // gone meanwhile
    });
  }
}

/** Whether a pod's security groups or VPC are others than its machine's. */
export function isMislabelled({ metadata }: Pod, read: Read): boolean {
  const vm = read.get(VirtualMachine, { namespace: metadata?.namespace, name: metadata?.labels?.[INSTANCE_ID_LABEL] ?? '' });
  return vm !== undefined && patchToTemplate(metadata?.labels, vm) !== undefined;
}
