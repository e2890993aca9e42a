import { instanceStorageOfType } from '../../kubernetes/instance-type-facts.ts';
import type { Read } from '../../kubernetes/read.ts';
import { VirtualMachine, type Instance } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import type { Volume } from '../../kubernetes/kubevirt/core.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { machineKeyOf } from './identity.ts';
import { machineStoreDiskFor, storageRequestFor, storeDiskNamesIn, storeDisksFor } from './instance-store.ts';
import { networkPlaceOf } from './network-place.ts';
import { RUNNING_STRATEGY } from './observe.ts';
import { isPlacedAs, placementPatchFor, type PlacementConstraint } from './placement-constraint.ts';
import { prepareUserData, removeUserData, userDataDigestOf } from './prepare-user-data.ts';
import { isObjection, type Objection } from './objection.ts';
import { objectionToType, securityGroupIdsOf } from './references.ts';
import { securityGroupPatchFor, vpcPatchFor } from './relabel.ts';
import { formatOf, USER_DATA_VOLUME, userDataVolumesFor, type UserDataSource } from './user-data-volume.ts';
import { USER_DATA_DIGEST_ANNOTATION } from './virtual-machine.ts';
import { isBoundTo, zonePatchFor } from './zone-constraint.ts';

type Fields = { [field: string]: Json | undefined };

/** Parts of a machine's patch; absent where the machine is right already. */
interface Change {
  annotations?: Fields;
  labels?: Fields;
  spec?: Fields;
  templateSpec?: Fields;
}

function digestOf(vm: VirtualMachine): string | undefined {
  return vm.metadata?.annotations?.[USER_DATA_DIGEST_ANNOTATION];
}

/** Whether the machine has user data that the spec has no more. Pure. */
export function isUserDataDropped(instance: Instance, vm: VirtualMachine): boolean {
  return digestOf(vm) !== undefined && userDataDigestOf(instance) === undefined;
}

/** Fields of the spec that the machine has otherwise, and that only a stopped machine takes up. Pure. */
export function changesThatNeedStop(instance: Instance, vm: VirtualMachine, wanted: PlacementConstraint | Objection): string[] {
  const { instanceType, placement } = instance.spec;
  const zone = placement.availabilityZone;
  return [
    ...(vm.spec.instancetype?.name === instanceType ? [] : ['instanceType']),
    ...(digestOf(vm) === userDataDigestOf(instance) ? [] : ['userData']),
    ...(zone === undefined || isBoundTo(zone, vm) ? [] : ['placement.availabilityZone']),
    ...(isObjection(wanted) || isPlacedAs(wanted, vm) ? [] : ['placement.groupName or partitionNumber']),
  ];
}

/** Another type has other disks of its own: of those that mappings ask for it takes over what there are, as EC2 maps such disks at the launch only. */
function typeChange({ spec }: Instance, vm: VirtualMachine, read: Read): Change {
  if (vm.spec.instancetype?.name === spec.instanceType) return {};
  const instancetype = { name: spec.instanceType, revisionName: null };
  const { volumes = [], domain } = vm.spec.template.spec ?? {};
  const former = storeDiskNamesIn(volumes);
  const store = storeDisksFor(instanceStorageOfType(spec.instanceType, read), former);
  if (former.length === 0 && store.length === 0) return { spec: { instancetype } };
  const made = store.map(machineStoreDiskFor);
  const isKept = ({ name }: { name: string }): boolean => !former.includes(name);
  return {
    spec: { instancetype },
    templateSpec: {
      volumes: [...volumes.filter(isKept), ...made.map(({ volume }) => volume)] as unknown as Json,
      domain: {
        devices: { disks: [...(domain?.devices.disks ?? []).filter(isKept), ...made.map(({ disk }) => disk)] as unknown as Json },
        resources: { requests: { 'ephemeral-storage': storageRequestFor(store) } },
      },
    },
  };
}

/** A machine is started where it ran: its volumes may be nowhere else. */
function zoneChange({ spec, status }: Instance, vm: VirtualMachine, read: Read, region: string): Change {
  const zone = spec.placement.availabilityZone ?? status?.availabilityZone;
  if (zone === undefined || isBoundTo(zone, vm)) return {};
  return { templateSpec: zonePatchFor(zone, vm, read, region) };
}

function placementChange(wanted: PlacementConstraint | Objection, vm: VirtualMachine): Change {
  if (isObjection(wanted) || isPlacedAs(wanted, vm)) return {};
  const { labels, affinity } = placementPatchFor(wanted, vm);
  return { labels, templateSpec: { affinity } };
}

function userDataChange(former: readonly Volume[] | undefined, userData: UserDataSource | undefined): Change {
  // Windows Setup has read its answer file at the first start: a drive that was not there then is not added now.
  const [wanted] = userDataVolumesFor(userData, formatOf(former));
  const volumes = (former ?? []).map((volume) => (volume.name === USER_DATA_VOLUME ? (wanted ?? volume) : volume));
  return {
    annotations: { [USER_DATA_DIGEST_ANNOTATION]: userData?.digest ?? null },
    templateSpec: { volumes: volumes as unknown as Json },
  };
}

function joined(changes: readonly Change[]): Change {
  return changes.reduce((sum, change) => {
    const section = <Name extends keyof Change>(name: Name): Pick<Change, Name> | undefined =>
      sum[name] === undefined && change[name] === undefined ? undefined : ({ [name]: mergedPatch(sum[name], change[name]) } as Pick<Change, Name>);
    return { ...section('annotations'), ...section('labels'), ...section('spec'), ...section('templateSpec') };
  }, {});
}

/** Zone and placement group both have their say in the affinity. */
function mergedPatch(one: Fields = {}, other: Fields = {}): Fields {
  const affinity = [one['affinity'], other['affinity']].filter((part) => part !== undefined);
  return { ...one, ...other, ...(affinity.length === 2 ? { affinity: Object.assign({}, ...affinity) as Json } : {}) };
}

/** The patch of a VirtualMachine; undefined if there is nothing to change. What was concluded from a stopped machine holds for that version of it only. */
function patchFor({ annotations, labels, spec, templateSpec }: Change, vm: VirtualMachine, isHalted: boolean): Fields | undefined {
  const template: Fields = {
    ...(labels === undefined ? {} : { metadata: { labels } }),
    ...(templateSpec === undefined ? {} : { spec: templateSpec }),
  };
  const isTemplateSame = Object.keys(template).length === 0;
  if (isTemplateSame && spec === undefined && annotations === undefined) return undefined;
  const metadata: Fields = {
    ...(isHalted ? { resourceVersion: vm.metadata?.resourceVersion } : {}),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { metadata, spec: { ...spec, ...(isTemplateSame ? {} : { template }) } };
}

/** What a halted machine takes up, or why it cannot. */
async function changesOfHalted(instance: Instance, vm: VirtualMachine, { read, live, write, region, placement }: Access): Promise<{ changes: Change[]; objection: Objection | undefined }> {
  const architecture = instance.status?.architecture ?? 'x86_64';
  const isTypeNew = vm.spec.instancetype?.name !== instance.spec.instanceType;
  const typeObjection = isTypeNew ? objectionToType(instance, architecture, read) : undefined;
  const ofType = typeObjection === undefined ? typeChange(instance, vm, read) : {};
  const changes = [zoneChange(instance, vm, read, region), placementChange(placement, vm), ofType];
  if (digestOf(vm) === userDataDigestOf(instance)) return { changes, objection: typeObjection };
  const userData = await prepareUserData(instance, { live, write }, formatOf(vm.spec.template.spec?.volumes));
  if (userData !== undefined && isObjection(userData)) return { changes, objection: typeObjection ?? userData };
  // First the Secret: once the machine does not say that it has one, nobody looks for it.
  if (isUserDataDropped(instance, vm)) await removeUserData(instance, write);
  const volumes = (ofType.templateSpec?.['volumes'] as Volume[] | undefined) ?? vm.spec.template.spec?.volumes;
  return { changes: [...changes, userDataChange(volumes, userData)], objection: typeObjection };
}

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'> & { region: string; placement: PlacementConstraint | Objection };

/** The machine after the update, and what of the spec it could not take up. */
export interface UpdatedMachine {
  vm: VirtualMachine;
  objection: Objection | undefined;
}

/**
 * Brings a machine that exists up to what the spec says now, in one patch: security groups and VPC at any time, the rest while it is halted, and the start
 * with it.
 */
export async function updateMachine(
  instance: Instance,
  vm: VirtualMachine,
  { isHalted, isStart }: { isHalted: boolean; isStart: boolean },
  access: Access,
): Promise<UpdatedMachine> {
  const groups = securityGroupIdsOf(instance, access.read);
  const present = vm.spec.template.metadata?.labels;
  const memberships = [isObjection(groups) ? undefined : securityGroupPatchFor(present, groups), vpcPatchFor(present, networkPlaceOf(instance, access.read).vpcId)];
  const { changes, objection } = isHalted ? await changesOfHalted(instance, vm, access) : { changes: [], objection: undefined };
  const change = joined([...changes, ...memberships.flatMap((labels) => (labels === undefined ? [] : [{ labels }])), ...(isStart ? [{ spec: { runStrategy: RUNNING_STRATEGY } }] : [])]);
  const patch = patchFor(change, vm, isHalted);
  return {
    vm: patch === undefined ? vm : await access.write.patch(VirtualMachine, machineKeyOf(instance), patch),
    objection: isObjection(groups) ? groups : (objection ?? (isObjection(access.placement) ? access.placement : undefined)),
  };
}
