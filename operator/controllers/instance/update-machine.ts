import type { Read } from '../../kubernetes/read.ts';
import { VirtualMachine, VirtualMachineInstance, type Instance } from '../../kubernetes/resources.ts';
import type { Json, Write } from '../../kubernetes/write.ts';
import { machineKeyOf } from './identity.ts';
import { prepareUserData, userDataDigestOf } from './prepare-user-data.ts';
import { isObjection, securityGroupIdsOf, type Objection } from './references.ts';
import { startPatch } from './set-power.ts';
import {
  cloudInitVolumeFor,
  securityGroupIdsFrom,
  securityGroupLabelOf,
  USER_DATA_DIGEST_ANNOTATION,
  ZONE_LABEL,
  type UserDataSource,
} from './virtual-machine.ts';

type Fields = { [field: string]: Json | undefined };

/** Fields of the spec that the machine has otherwise, and that only a stopped machine takes up. Pure. */
export function changesThatNeedStop({ spec }: Instance, vm: VirtualMachine, digest: string | undefined): string[] {
  const zone = spec.placement.availabilityZone;
  return [
    ...(vm.spec.instancetype?.name === spec.instanceType ? [] : ['instanceType']),
    ...(vm.metadata?.annotations?.[USER_DATA_DIGEST_ANNOTATION] === digest ? [] : ['userData']),
    ...(zone === undefined || vm.spec.template.spec?.nodeSelector?.[ZONE_LABEL] === zone ? [] : ['placement.availabilityZone']),
  ];
}

/** What a stopped machine takes up: type, user data, and the zone that it must be started in again. Pure. */
export function stoppedPatchFor(instance: Instance, vm: VirtualMachine, userData: UserDataSource | undefined): { annotations?: Fields; spec?: Fields; templateSpec?: Fields } {
  const { spec, status } = instance;
  const zone = spec.placement.availabilityZone ?? status?.availabilityZone;
  const isZoneSet = zone === undefined || vm.spec.template.spec?.nodeSelector?.[ZONE_LABEL] === zone;
  const isUserDataSet = vm.metadata?.annotations?.[USER_DATA_DIGEST_ANNOTATION] === userData?.digest;
  const volumes = (vm.spec.template.spec?.volumes ?? []).map((volume) => (volume.name === 'cidata' ? cloudInitVolumeFor(userData) : volume));
  const templateSpec: Fields = {
    ...(isZoneSet ? {} : { nodeSelector: { [ZONE_LABEL]: zone } }),
    ...(isUserDataSet ? {} : { volumes: volumes as unknown as Json }),
  };
  return {
    ...(isUserDataSet ? {} : { annotations: { [USER_DATA_DIGEST_ANNOTATION]: userData?.digest ?? null } }),
    ...(vm.spec.instancetype?.name === spec.instanceType ? {} : { spec: { instancetype: { name: spec.instanceType, revisionName: null } } }),
    ...(Object.keys(templateSpec).length === 0 ? {} : { templateSpec }),
  };
}

/** Labels to set and (null) to remove so that the security groups are these; undefined if they are. Pure. */
export function securityGroupPatchFor(labels: Readonly<Record<string, string>> | undefined, wanted: readonly string[]): Fields | undefined {
  const present = securityGroupIdsFrom(labels);
  const added = wanted.filter((id) => !present.includes(id)).map((id) => [securityGroupLabelOf(id), '']);
  const removed = present.filter((id) => !wanted.includes(id)).map((id) => [securityGroupLabelOf(id), null]);
  return added.length + removed.length === 0 ? undefined : (Object.fromEntries([...added, ...removed]) as Fields);
}

/** The machine after the update, and what of the spec it could not take up. */
export interface UpdatedMachine {
  vm: VirtualMachine;
  objection: Objection | undefined;
}

/**
 * Brings a machine that exists up to what the spec says now, in one patch: security groups at any time, the rest while it is halted, and the start
 * with it.
 */
export async function updateMachine(
  instance: Instance,
  vm: VirtualMachine,
  { isHalted, isStart }: { isHalted: boolean; isStart: boolean },
  { read, write }: { read: Read; write: Write },
): Promise<UpdatedMachine> {
  const groups = securityGroupIdsOf(instance, read);
  const labels = isObjection(groups) ? undefined : securityGroupPatchFor(vm.spec.template.metadata?.labels, groups);
  const isUserDataChanged = isHalted && vm.metadata?.annotations?.[USER_DATA_DIGEST_ANNOTATION] !== userDataDigestOf(instance);
  const userData = isUserDataChanged ? await prepareUserData(instance, write) : undefined;
  const userDataObjection = userData !== undefined && isObjection(userData) ? userData : undefined;
  const objection = isObjection(groups) ? groups : userDataObjection;
  const stopped = isHalted && userDataObjection === undefined ? stoppedPatchFor(instance, vm, isUserDataChanged ? (userData as UserDataSource | undefined) : sameUserData(vm)) : {};
  const template: Fields = {
    ...(labels === undefined ? {} : { metadata: { labels } }),
    ...(stopped.templateSpec === undefined ? {} : { spec: stopped.templateSpec }),
  };
  const spec: Fields = {
    ...(isStart ? (startPatch as Fields) : {}),
    ...stopped.spec,
    ...(Object.keys(template).length === 0 ? {} : { template }),
  };
  if (Object.keys(spec).length === 0 && stopped.annotations === undefined) return { vm, objection };
  const patch: Fields = {
    ...(isHalted || stopped.annotations !== undefined ? { metadata: { resourceVersion: vm.metadata?.resourceVersion, ...(stopped.annotations === undefined ? {} : { annotations: stopped.annotations }) } } : {}),
    ...(Object.keys(spec).length === 0 ? {} : { spec }),
  };
  return { vm: await write.patch(VirtualMachine, machineKeyOf(instance), patch), objection };
}

/** The user data as the machine has it, for a patch that leaves it alone. */
function sameUserData(vm: VirtualMachine): UserDataSource | undefined {
  const digest = vm.metadata?.annotations?.[USER_DATA_DIGEST_ANNOTATION];
  return digest === undefined ? undefined : { digest, secretName: '' };
}

/** Carries the security groups of the template over to the run of the machine: KubeVirt copies labels only when it makes the run. */
export async function relabelRun(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined, write: Write): Promise<void> {
  if (vmi?.metadata?.name === undefined || vmi.metadata.deletionTimestamp !== undefined) return;
  const labels = securityGroupPatchFor(vmi.metadata.labels, securityGroupIdsFrom(vm.spec.template.metadata?.labels));
  if (labels === undefined) return;
  await write.patch(VirtualMachineInstance, { namespace: vmi.metadata.namespace, name: vmi.metadata.name }, { metadata: { labels } });
}
