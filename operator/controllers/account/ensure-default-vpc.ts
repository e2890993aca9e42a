import { ec2IdOf } from '../../api/ec2-id.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { Vpc, type Account } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { defaultVpcOf } from '../vpc/find-vpc.ts';
import { defaultVpcFor, namespaceNameOf } from './parts.ts';

/**
 * Makes the default VPC of an account, once: EC2 does not make one again that was deleted either.
 * @returns its id; undefined if there is none, or the cache does not show it yet
 */
export async function ensureDefaultVpc(account: Account, { read, write }: ReconcileContext): Promise<string | undefined> {
  const existing = defaultVpcOf(namespaceNameOf(account), read);
  if (existing !== undefined) return ec2IdOf('vpc', existing);
  if (account.status?.isDefaultVpcMade === true) return undefined;
  try {
    return ec2IdOf('vpc', await write.create(Vpc, defaultVpcFor(account)));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return undefined; // the cache lags, and will wake us
  }
}
