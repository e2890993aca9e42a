import { ec2IdOf } from '../../api/ec2-id.ts';
import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import { OvnSnatRule } from '../../kubernetes/kube-ovn.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { NatGateway, type Subnet } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { ifServed, watching, type ReconcileContext } from '../../runtime/reconcile.ts';
import { labelsOf, namespaceOf } from './kube-ovn-labels.ts';
import type { NatNetwork } from './provider.ts';

/** On an OvnSnatRule: the NAT gateway that it is of, by id. */
const NAT_GATEWAY_LABEL = 'kube-ec2.io/nat-gateway';

/** NAT by Kube-OVN: a rule for each subnet. What is wanted otherwise is removed, and made anew once it is gone. */
export const kubeOvnNat: NatNetwork = {
  watches: [ifServed(watching(OvnSnatRule, ({ metadata }, read) => keysOf(namespaceOf(metadata), read)))],
  ensure,
  remove,
};

function keysOf(namespace: string | undefined, read: Read): ObjectKey[] {
  return namespace === undefined ? [] : read.list(NatGateway, namespace).map(({ metadata }) => ({ namespace, name: metadata.name }));
}

async function ensure(natGateway: NatGateway, addressName: string, subnets: readonly Subnet[], { read, write }: ReconcileContext): Promise<boolean> {
  const wanted = new Map(subnets.map((subnet) => [nameOf(natGateway, subnet), ec2IdOf('subnet', subnet)]));
  const present = rulesOf(natGateway, read);
  for (const rule of present) {
    const { vpcSubnet, ovnEip } = rule.spec;
    if (wanted.get(rule.metadata.name) !== vpcSubnet || ovnEip !== addressName) await removeRule(rule, write);
  }
  for (const [name, vpcSubnet] of wanted) {
    if (present.some(({ metadata }) => metadata.name === name)) continue;
    const { apiVersion, kind } = OvnSnatRule;
    const labels = { ...labelsOf(natGateway.metadata.namespace), [NAT_GATEWAY_LABEL]: ec2IdOf('nat', natGateway) };
    await write.create(OvnSnatRule, { apiVersion, kind, metadata: { name, labels }, spec: { ovnEip: addressName, vpcSubnet } }).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error; // the cache lags, or it is on its way out
    });
  }
  const isThrough = ({ metadata, spec, status }: OvnSnatRule): boolean =>
    metadata.deletionTimestamp === undefined && spec.ovnEip === addressName && status?.ready === true;
  return [...wanted.keys()].every((name) => present.some((rule) => rule.metadata.name === name && isThrough(rule)));
}

async function remove(natGateway: NatGateway, { read, write }: ReconcileContext): Promise<boolean> {
  const present = rulesOf(natGateway, read);
  for (const rule of present) await removeRule(rule, write);
  return present.length === 0;
}

function rulesOf(natGateway: NatGateway, read: Read): OvnSnatRule[] {
  const id = ec2IdOf('nat', natGateway);
  const { namespace = '' } = natGateway.metadata;
  return read.list(OvnSnatRule).filter(({ metadata }) => metadata.labels?.[NAT_GATEWAY_LABEL] === id && namespaceOf(metadata) === namespace);
}

/** Of both ids, so that a pass after a crash finds what an earlier one made. */
function nameOf(natGateway: NatGateway, subnet: Subnet): string {
  return `${ec2IdOf('nat', natGateway)}-${ec2IdOf('subnet', subnet)}`;
}

async function removeRule({ metadata }: OvnSnatRule, write: Write): Promise<void> {
  const { name, uid, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return;
  await write.remove(OvnSnatRule, { name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already
  });
}
