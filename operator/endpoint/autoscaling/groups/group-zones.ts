import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { findSubnet } from '../../ec2/subnets/find-subnet.ts';
import { zonesFrom } from '../../ec2/zones/zones.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** Zones that a group spreads over: those of its subnets, those that it names, else all. */
export function zonesOfGroup({ spec, metadata }: AutoScalingGroup, { read, region }: Pick<ReadOnlyContext, 'read' | 'region'>): string[] {
  if (spec.subnetIds !== undefined) {
    const zones = spec.subnetIds.flatMap((reference) => findSubnet(reference, metadata.namespace, read)?.spec.availabilityZone ?? []);
    return [...new Set(zones)].filter((zone) => spec.availabilityZones?.includes(zone) ?? true).sort();
  }
  return spec.availabilityZones?.toSorted() ?? zonesFrom(read, region).map(({ name }) => name);
}

/** Ids of the subnets of a group with commas between them, as the API has them. */
export function vpcZoneIdentifierOf({ spec, metadata }: AutoScalingGroup, { read }: Pick<ReadOnlyContext, 'read'>): string {
  const ids = (spec.subnetIds ?? []).map((reference) => {
    const subnet = findSubnet(reference, metadata.namespace, read);
    return subnet ? ec2IdOf('subnet', subnet) : reference;
  });
  return ids.join(',');
}
