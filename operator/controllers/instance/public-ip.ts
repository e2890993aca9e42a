import { isAssociated } from '../../api/network/elastic-ip.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { ElasticIp, type Instance } from '../../kubernetes/resources.ts';
import { instanceIdOf } from './identity.ts';

/** Elastic IPs by the EC2 id of the instance that has them. */
const elasticIpsByInstance = defineIndex(ElasticIp, 'controllers.instance', (elasticIp) =>
  elasticIp.metadata.deletionTimestamp === undefined && isAssociated(elasticIp) && elasticIp.status?.instanceId !== undefined ? [elasticIp.status.instanceId] : [],
);

/** Address of the ElasticIp that an instance has. */
export function publicIpOf(instance: Instance, read: Read): string | undefined {
  const { namespace } = instance.metadata;
  return read.byIndex(elasticIpsByInstance, instanceIdOf(instance)).find(({ metadata }) => metadata.namespace === namespace)?.status?.publicIp;
}
