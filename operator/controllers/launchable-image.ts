import { isSharedWith } from '../api/compute/launch-permission.ts';
import { ec2IdOf } from '../api/ec2-id.ts';
import { ofId } from '../api/of-id.ts';
import { defineIndex, type Read } from '../kubernetes/read.ts';
import { Ami } from '../kubernetes/resources.ts';
import { accountIdOfNamespace } from './account-of-namespace.ts';

/** Amis by EC2 id, in all namespaces. */
export const amisById = defineIndex(Ami, 'controllers.id', (ami) => [ec2IdOf('ami', ami)]);

/** The image that a name or id stands for in a namespace, if its owner lets the account of the namespace launch it. It may be unavailable. */
export function launchableImage(reference: string, namespace: string | undefined, read: Read): Ami | undefined {
  const ami = read.get(Ami, { namespace, name: reference }) ?? ofId(read.byIndex(amisById, reference), namespace);
  if (ami === undefined || ami.metadata.namespace === namespace) return ami;
  return isSharedWith(ami, accountIdOfNamespace(namespace, read)) ? ami : undefined;
}
