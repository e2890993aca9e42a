import type { ElasticIpSpec } from '../../../api/network/elastic-ip.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { ElasticIp } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { inTurn } from '../in-turn.ts';
import { allocationNotFound } from './find-address.ts';

/** The controller writes the status of what it is told about; of those that race one always wins. */
const ATTEMPTS = 20;

/** Runs what concerns several addresses of one account one after another. */
export function inTurnOfAddresses<T>({ caller }: Pick<OperationContext, 'caller'>, act: () => Promise<T>): Promise<T> {
  return inTurn(`addresses/${caller.namespace}`, act);
}

/**
 * Writes an association, or takes it away. `check` judges each version that is to be written over, so that nothing is lost that came in between.
 * @throws AwsError InvalidAllocationID.NotFound - if it went away meanwhile; what `check` throws
 */
export async function changeAssociation(
  elasticIp: ElasticIp,
  association: ElasticIpSpec['association'] | null,
  check: (current: ElasticIp) => void,
  { write }: Pick<OperationContext, 'write'>,
): Promise<ElasticIp> {
  const { namespace, name, uid } = elasticIp.metadata;
  const key = { namespace, name };
  const notFound = (error: unknown): never => {
    throw isNotFound(error) ? allocationNotFound(elasticIp, error) : error;
  };
  let current = elasticIp;
  for (let attempt = 1; ; attempt += 1) {
    check(current);
    try {
      return await write.patch(ElasticIp, key, { metadata: { uid, resourceVersion: current.metadata.resourceVersion }, spec: { association: association ?? null } });
    } catch (error) {
      if (!isConflict(error) || attempt >= ATTEMPTS) return notFound(error);
    }
    // An empty patch changes nothing and answers with what is there now.
    current = await write.patch(ElasticIp, key, {}).catch(notFound);
  }
}
