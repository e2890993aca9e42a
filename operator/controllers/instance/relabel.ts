import { securityGroupLabelOf } from '../../api/security-group.ts';
import { INSTANCE_ID_LABEL } from '../../api/instance.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Pod, VirtualMachine, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { podsByMachine } from './indexes.ts';
import { securityGroupIdsFrom } from './virtual-machine.ts';

type Labels = { [label: string]: string | null };

/** Labels to set and (null) to remove so that the security groups are these; undefined if they are. Pure. */
export function securityGroupPatchFor(labels: Readonly<Record<string, string>> | undefined, wanted: readonly string[]): Labels | undefined {
  const present = securityGroupIdsFrom(labels);
  const added = wanted.filter((id) => !present.includes(id)).map((id) => [securityGroupLabelOf(id), '']);
  const removed = present.filter((id) => !wanted.includes(id)).map((id) => [securityGroupLabelOf(id), null]);
  return added.length + removed.length === 0 ? undefined : (Object.fromEntries([...added, ...removed]) as Labels);
}

/** Carries the security groups of the template over to the run of the machine: KubeVirt copies labels only when it makes the run. */
export async function relabelRun(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined, write: Write): Promise<void> {
  if (vmi?.metadata?.name === undefined || vmi.metadata.deletionTimestamp !== undefined) return;
  const labels = securityGroupPatchFor(vmi.metadata.labels, groupsOfTemplate(vm));
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
    const labels = securityGroupPatchFor(metadata?.labels, groupsOfTemplate(vm));
    if (labels === undefined) continue;
    await write.patch(Pod, { namespace, name: metadata?.name ?? '' }, { metadata: { labels } }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // gone meanwhile
    });
  }
}

/** Whether a pod's security groups are others than its machine's. */
export function isMislabelled({ metadata }: Pod, read: Read): boolean {
  const vm = read.get(VirtualMachine, { namespace: metadata?.namespace, name: metadata?.labels?.[INSTANCE_ID_LABEL] ?? '' });
  return vm !== undefined && securityGroupPatchFor(metadata?.labels, groupsOfTemplate(vm)) !== undefined;
}

function groupsOfTemplate(vm: VirtualMachine): string[] {
  return securityGroupIdsFrom(vm.spec.template.metadata?.labels);
}
