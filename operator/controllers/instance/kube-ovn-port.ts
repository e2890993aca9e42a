import { createHash } from 'node:crypto';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { Instance, Subnet } from '../../kubernetes/resources.ts';
import { defaultVpcOf, subnetsOf } from '../vpc/find-vpc.ts';
import type { NetworkPlace } from './network-place.ts';

/** Annotation of a pod: the switch that it is plugged into. @see https://kubeovn.github.io/docs/stable/en/kubevirt/ */
const SWITCH_ANNOTATION = 'ovn.kubernetes.io/logical_switch';
const MAC_ANNOTATION = 'ovn.kubernetes.io/mac_address';

/**
 * The subnet that a machine is made in where subnets are switches: the one that it names, else the default one of its zone; without a zone one of the
 * default ones, by its uid, for good.
 */
export function switchSubnetOf(instance: Instance, { subnet }: NetworkPlace, read: Read): Subnet | undefined {
  if (subnet !== undefined) return subnet;
  const vpc = defaultVpcOf(instance.metadata.namespace, read);
  const zone = instance.status?.availabilityZone ?? instance.spec.placement.availabilityZone;
  const fitting = (vpc === undefined ? [] : subnetsOf(vpc, read)).filter(({ spec }) => spec.defaultForAz && (zone === undefined || spec.availabilityZone === zone));
  const digest = createHash('sha256').update(instance.metadata.uid ?? instance.metadata.name).digest().readUInt32BE();
  return fitting[digest % Math.max(1, fitting.length)];
}

/** Annotations of a machine's template that plug it into its subnet. Kube-OVN keeps the address of a machine over its runs by itself. Pure. */
export function switchAnnotationsFor(subnet: Subnet, macAddress: string): Record<string, string> {
  return { [SWITCH_ANNOTATION]: ec2IdOf('subnet', subnet), [MAC_ANNOTATION]: macAddress };
}
