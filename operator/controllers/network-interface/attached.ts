import { ec2IdOf } from '../../api/ec2-id.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { NetworkInterface, type Instance } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { instancesByInterface } from '../instance/indexes.ts';

/** Network interfaces by EC2 id. */
export const networkInterfacesById = defineIndex(NetworkInterface, 'controllers.id', (networkInterface) => [ec2IdOf('eni', networkInterface)]);

/** A network interface of a namespace by name or id. */
export function networkInterfaceOf(reference: string, namespace: string | undefined, read: Read): NetworkInterface | undefined {
  return (
    read.get(NetworkInterface, { namespace, name: reference }) ??
    read.byIndex(networkInterfacesById, reference).find(({ metadata }) => metadata.namespace === namespace)
  );
}

/** The interface that an instance was launched with; undefined if it has one of its own, or the interface is gone. */
export function interfaceOfInstance({ metadata, spec }: Instance, read: Read): NetworkInterface | undefined {
  const reference = spec.networkInterface?.networkInterfaceId;
  return reference === undefined ? undefined : networkInterfaceOf(reference, metadata.namespace, read);
}

/** The instance that has an interface: of those that name it the oldest that has not ended. */
export function instanceOfInterface(networkInterface: NetworkInterface, read: Read): Instance | undefined {
  const { namespace, name } = networkInterface.metadata;
  return [...new Set([name, ec2IdOf('eni', networkInterface)])]
    .flatMap((reference) => read.byIndex(instancesByInterface, reference))
    .filter(({ metadata, status }) => metadata.namespace === namespace && status?.state !== 'terminated')
    .toSorted(byAge)[0];
}
