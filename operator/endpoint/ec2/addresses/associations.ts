import { ec2IdOf } from '../../../api/ec2-id.ts';
import { associationIdOf, holderAmong } from '../../../api/network/elastic-ip.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { ElasticIp, Instance } from '../../../kubernetes/resources.ts';
import { instancesById, withinNamespace } from '../indexes.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { natGatewayIdOf } from '../nat-gateways/find-nat-gateway.ts';
import { findInterface, findNetworkInterface, instanceWith, primaryInterfaceOf, type FoundInterface } from '../network-interfaces/find-interface.ts';

/** An association that holds: the interface, or the NAT gateway, has the address. */
export type Association = { associationId: string } & ({ target: FoundInterface; natGatewayId?: undefined } | { target?: undefined; natGatewayId: string });

/** Addresses of one account and what has them, as the specs say: a change counts at once, whether or not the controllers have seen it. */
export interface Associations {
  /** Of an address; undefined if nothing has it. */
  of(elasticIp: ElasticIp): Association | undefined;
  /** The address that an interface has. */
  atInterface(interfaceId: string): ElasticIp | undefined;
  /** The address that an instance has. */
  atInstance(instance: Instance): ElasticIp | undefined;
}

/** Looks all addresses of an account up at once: they are few. For the time of one request only. */
export function associationsIn(namespace: string | undefined, read: Read): Associations {
  const claims = read.list(ElasticIp, namespace).flatMap((elasticIp) => {
    const target = elasticIp.metadata.deletionTimestamp === undefined ? targetOf(elasticIp, read) : undefined;
    return target ? [{ elasticIp, target }] : [];
  });
  const byInterface = new Map([...Map.groupBy(claims, ({ target }) => target.id)].map(([id, claimants]) => [id, holderAmong(claimants.map(({ elasticIp }) => elasticIp))]));
  return {
    of: (elasticIp) => {
      const natGatewayId = natGatewayIdOf(elasticIp.spec.association?.natGatewayId, namespace, read);
      if (natGatewayId !== undefined) return { associationId: associationIdOf(elasticIp) ?? '', natGatewayId };
      const claim = claims.find((candidate) => candidate.elasticIp === elasticIp);
      const associationId = associationIdOf(elasticIp);
      return claim && associationId !== undefined && byInterface.get(claim.target.id) === elasticIp ? { associationId, target: claim.target } : undefined;
    },
    atInterface: (interfaceId) => byInterface.get(interfaceId),
    // Most instances have none, and most accounts few: their interfaces' ids need not be computed.
    atInstance: (instance) => (byInterface.size === 0 ? undefined : byInterface.get(primaryInterfaceOf(instance, read).id)),
  };
}

/** The interface that an address is to be associated with; undefined without one, or if its instance is over. */
function targetOf({ metadata, spec }: ElasticIp, read: Read): FoundInterface | undefined {
  const { namespace } = metadata;
  const { instanceId, networkInterfaceId } = spec.association ?? {};
  if (instanceId !== undefined) {
    const instance = read.get(Instance, { namespace, name: instanceId }) ?? read.byIndex(instancesById, withinNamespace(namespace, instanceId))[0];
    return instance && !isOver(instance) ? primaryInterfaceOf(instance, read) : undefined;
  }
  if (networkInterfaceId === undefined) return undefined;
  const networkInterface = findNetworkInterface(networkInterfaceId, namespace, read);
  if (networkInterface) return { id: ec2IdOf('eni', networkInterface), networkInterface, instance: instanceWith(networkInterface, read) };
  const own = findInterface(networkInterfaceId, namespace, read);
  return own?.instance && !isOver(own.instance) ? own : undefined;
}

function isOver(instance: Instance): boolean {
  const state = shownStateOf(instance);
  return state === 'terminated' || state === 'shutting-down';
}
