import type { Instance as SdkInstance, NetworkInterfaceAssociation, Reservation } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Tag } from '../../../api/shared.ts';
import type { Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { publicAddressOf } from '../addresses/sdk-address.ts';
import { referencesLookup, type InstanceReferences } from './instance-references.ts';
import { reservationIdOf, sdkInstanceFrom } from './sdk-instance.ts';

/** An instance as the API shows it, with what belongs to its reservation. */
export interface InstanceView {
  instance: Instance;
  sdk: SdkInstance;
  /** Its public address with the ids that its interface shows. */
  publicAddress: NetworkInterfaceAssociation | undefined;
  /** Tags of its network interface. */
  interfaceTags: readonly Tag[];
  reservation: Pick<Reservation, 'ReservationId' | 'OwnerId' | 'RequesterId'>;
}

interface Memo {
  references: InstanceReferences;
  ownerId: string;
  region: string;
  view: InstanceView;
}

/**
 * Views by cached object. Caches put a new object in the place of a changed one, so a view is current as long as the instance and what it refers to
 * are the same objects; it goes when the cache lets go of the instance. Describing ten thousand instances rebuilds only those that changed.
 */
const memos = new WeakMap<Instance, Memo>();

/** Shows instances of the caller's account; for the time of one request. What it returns is shared: never change it. */
export function instanceViewer({ read, caller, region }: Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>): (instance: Instance) => InstanceView {
  const referencesFor = referencesLookup(read);
  const ownerId = caller.accountId;
  return (instance) => {
    const references = referencesFor(instance);
    const memo = memos.get(instance);
    if (memo && memo.ownerId === ownerId && memo.region === region && areSame(memo.references, references)) return memo.view;
    const view = viewFrom(instance, references, ownerId, region);
    memos.set(instance, { references, ownerId, region, view });
    return view;
  };
}

/** Unique and unchanging: creation time, reservation, index, id. Pages follow it, and instances of one reservation stay together. */
export function sortKeyOf(instance: Instance): string {
  const index = String(instance.spec.launch?.launchIndex ?? 0).padStart(6, '0');
  return `${instance.metadata.creationTimestamp ?? ''}/${reservationIdOf(instance)}/${index}/${ec2IdOf('i', instance)}`;
}

/** Instances grouped by reservation, in the order in which they come. */
export function reservationsFrom(views: readonly InstanceView[]): Reservation[] {
  const byReservation = Map.groupBy(views, ({ reservation }) => reservation.ReservationId);
  return [...byReservation.values()].flatMap((members) => {
    const [first] = members;
    return first ? [{ ...first.reservation, Groups: [], Instances: members.map(({ sdk }) => sdk) }] : [];
  });
}

function viewFrom(instance: Instance, references: InstanceReferences, ownerId: string, region: string): InstanceView {
  const sdk = sdkInstanceFrom(instance, references, { ownerId, region });
  const { launch } = instance.spec;
  return {
    instance,
    sdk,
    publicAddress: sdk.PublicIpAddress === undefined ? undefined : publicAddressOf(instance, references.elasticIp, ownerId),
    interfaceTags: (references.networkInterface?.spec ?? instance.spec.networkInterface)?.tags ?? [],
    reservation: {
      ReservationId: reservationIdOf(instance),
      OwnerId: ownerId,
      ...(launch?.requesterId !== undefined && { RequesterId: launch.requesterId }),
    },
  };
}

function areSame(left: InstanceReferences, right: InstanceReferences): boolean {
  if (left.networkInterface !== right.networkInterface || left.elasticIp !== right.elasticIp) return false;
  if (left.place.vpcId !== right.place.vpcId || left.place.subnetId !== right.place.subnetId) return false;
  if (left.ami !== right.ami || left.type !== right.type || left.profile !== right.profile || left.groups.length !== right.groups.length) return false;
  if (left.volumes.length !== right.volumes.length || left.volumes.some((volume, position) => volume !== right.volumes[position])) return false;
  return left.groups === right.groups || left.groups.every((group, position) => group === right.groups[position]);
}
