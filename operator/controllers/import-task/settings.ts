import type { ImportLimits } from '../../kubernetes/outbound-policy.ts';

/** What an administrator decides about imports; a part of the operator's configuration. */
export interface ImportSettings {
  imports: ImportLimits & {
    /** Addresses that a name resolves to; rejects if there are none. */
    resolve: (host: string) => Promise<string[]>;
  };
  /** StorageClass of imported disks; by default that of the cluster. */
  storageClass: string | undefined;
}
