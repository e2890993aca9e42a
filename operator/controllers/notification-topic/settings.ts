import type { OutboundPolicy } from '../../kubernetes/outbound-policy.ts';

/** What an administrator decides about webhooks; a part of the operator's configuration. */
export interface WebhookSettings {
  region: string;
  webhooks: {
    policy: OutboundPolicy;
    /** Addresses that a name resolves to; rejects if there are none. */
    resolve: (host: string) => Promise<string[]>;
  };
}
