import { ec2IdOf } from '../../api/ec2-id.ts';
import { ELASTIC_IP_LABEL } from '../../api/network/elastic-ip.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { ElasticIp } from '../../kubernetes/resources.ts';
import type { Holder } from '../network-provider/public-addresses.ts';

/** What an address is held for by an ElasticIp. One whose address was lost asks for the same again. Pure. */
export function holderFor(elasticIp: ElasticIp): Holder {
  const { spec, status, metadata } = elasticIp;
  const name = ec2IdOf('eipalloc', elasticIp);
  return {
    name,
    namespace: metadata.namespace,
    owner: controllerReferenceTo(ElasticIp, elasticIp),
    labels: { [ELASTIC_IP_LABEL]: name },
    asked: { address: spec.address ?? status?.publicIp, pool: spec.pool },
  };
}
