import { ec2IdOf } from '../../../api/ec2-id.ts';
import { ownInterfaceIdOf } from '../../../api/network/network-interface.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { NetworkInterface, type Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach, requireOne } from '../ids.ts';
import { instancesByInterface, instancesByOwnInterface, networkInterfacesById, withinNamespace } from '../indexes.ts';
import { shownStateOf } from '../instances/shown-state.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** A network interface: the own one of an instance, or one that is an object of its own and may have an instance. */
export type FoundInterface = { id: string } & ({ networkInterface: undefined; instance: Instance } | { networkInterface: NetworkInterface; instance: Instance | undefined });

/** A NetworkInterface by name of the object or by id. */
export function findNetworkInterface(reference: string, namespace: string | undefined, read: Read): NetworkInterface | undefined {
  return read.byIndex(networkInterfacesById, withinNamespace(namespace, reference))[0] ?? read.get(NetworkInterface, { namespace, name: reference });
}

/** The interface that an instance was launched with; undefined if it has its own, or the interface is gone. */
export function launchedWith({ metadata, spec }: Instance, read: Read): NetworkInterface | undefined {
  const reference = spec.networkInterface?.networkInterfaceId;
  return reference === undefined ? undefined : findNetworkInterface(reference, metadata.namespace, read);
}

/** The instance that has an interface: of those that name it the oldest that has not ended, as its controller says. */
export function instanceWith(networkInterface: NetworkInterface, read: Read): Instance | undefined {
  const { namespace, name } = networkInterface.metadata;
  const ageOf = ({ metadata }: Instance): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  return [...new Set([name, ec2IdOf('eni', networkInterface)])]
    .flatMap((reference) => read.byIndex(instancesByInterface, withinNamespace(namespace, reference)))
    .filter((instance) => shownStateOf(instance) !== 'terminated')
    .toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}

/** The primary interface of an instance. */
export function primaryInterfaceOf(instance: Instance, read: Read): FoundInterface {
  const networkInterface = launchedWith(instance, read);
  return networkInterface ? { id: ec2IdOf('eni', networkInterface), networkInterface, instance } : { id: ownInterfaceIdOf(instance), networkInterface: undefined, instance };
}

/** The caller's interface of an id; that of an instance that has ended is gone. */
export function findInterface(id: string, namespace: string | undefined, read: Read): FoundInterface | undefined {
  const networkInterface = read.byIndex(networkInterfacesById, withinNamespace(namespace, id))[0];
  if (networkInterface) return { id, networkInterface, instance: instanceWith(networkInterface, read) };
  const instance = read.byIndex(instancesByOwnInterface, withinNamespace(namespace, id))[0];
  return instance && shownStateOf(instance) !== 'terminated' ? { id, networkInterface: undefined, instance } : undefined;
}

/** @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound */
export function requireInterface(id: string, { read, caller }: Lookup): FoundInterface {
  return requireOne(IdKinds.networkInterface, id, (wanted) => findInterface(wanted, caller.namespace, read));
}

/** @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound */
export function requireInterfaces(ids: readonly string[], { read, caller }: Lookup): FoundInterface[] {
  return requireEach(IdKinds.networkInterface, ids, (id) => findInterface(id, caller.namespace, read));
}
