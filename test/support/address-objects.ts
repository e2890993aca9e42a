import { ElasticIpDefinition, type ElasticIp, type ElasticIpSpec, type ElasticIpStatus } from '../../operator/api/network/elastic-ip.ts';
import { NetworkInterfaceDefinition, type NetworkInterface, type NetworkInterfaceSpec, type NetworkInterfaceStatus } from '../../operator/api/network/network-interface.ts';
import { NAMESPACE } from './operation-context.ts';

type Options<Spec, Status> = Partial<Spec> & { status?: Status; namespace?: string; creationTimestamp?: string };

function metadataOf(name: string, { namespace = NAMESPACE, creationTimestamp = '2026-01-01T00:00:00Z' }: { namespace?: string; creationTimestamp?: string }): ElasticIp['metadata'] {
  return { name, namespace, uid: `uid-${name}`, creationTimestamp, generation: 1 };
}

/** An ElasticIp; `name` may be an id. */
export function anElasticIp(name: string, options: Options<ElasticIpSpec, ElasticIpStatus> = {}): ElasticIp {
  const { namespace: _namespace, creationTimestamp: _creation, status, ...spec } = options;
  const { apiVersion, kind } = ElasticIpDefinition;
  return { apiVersion, kind, metadata: metadataOf(name, options), spec: ElasticIpDefinition.spec.parse(spec), ...(status && { status }) };
}

/** A NetworkInterface; `name` may be an id. */
export function aNetworkInterface(name: string, options: Options<NetworkInterfaceSpec, NetworkInterfaceStatus> = {}): NetworkInterface {
  const { namespace: _namespace, creationTimestamp: _creation, status, ...spec } = options;
  const { apiVersion, kind } = NetworkInterfaceDefinition;
  return { apiVersion, kind, metadata: metadataOf(name, options), spec: NetworkInterfaceDefinition.spec.parse(spec), ...(status && { status }) };
}
