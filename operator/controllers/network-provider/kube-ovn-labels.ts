import type { ObjectMeta } from '../../api/shared.ts';

/** On what we make in Kube-OVN: the namespace of the account, as Kube-OVN's objects have none. */
const NAMESPACE_LABEL = 'kube-ec2.io/namespace';

/** Labels of an object in Kube-OVN that is made for something of this namespace. */
export function labelsOf(namespace: string | undefined): Record<string, string> {
  return { [NAMESPACE_LABEL]: namespace ?? '' };
}

/** The namespace that an object in Kube-OVN is made for; undefined if it is not ours. */
export function namespaceOf({ labels }: ObjectMeta): string | undefined {
  return labels?.[NAMESPACE_LABEL];
}
