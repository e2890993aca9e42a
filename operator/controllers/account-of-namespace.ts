import { ACCOUNT_ID_LABEL } from '../api/identity/account.ts';
import type { Read } from '../kubernetes/read.ts';
import { Namespace } from '../kubernetes/resources.ts';

/** The account whose namespace this is; undefined if it is no account's. The cache must hold Namespaces. */
export function accountIdOfNamespace(namespace: string | undefined, read: Read): string | undefined {
  return read.get(Namespace, { name: namespace ?? '' })?.metadata?.labels?.[ACCOUNT_ID_LABEL];
}
