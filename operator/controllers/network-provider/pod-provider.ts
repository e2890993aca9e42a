import type { VpcSettings } from '../vpc/settings.ts';
import { addressClaimFor } from './pod-addresses.ts';
import { isolationClaimFor } from './pod-isolation.ts';
import type { NetworkProvider } from './provider.ts';

const nothing = async (): Promise<void> => {};

/** The pod network, of whatever plugin: VPCs and subnets are labels and policies, with nothing to make behind them. */
export function podProvider(settings: VpcSettings): NetworkProvider {
  return {
    name: 'pod',
    vpcWatches: [],
    subnetWatches: [],
    routeTableWatches: [],
    nat: undefined,
    ensureVpc: nothing,
    ensureSubnet: nothing,
    removeVpc: nothing,
    removeSubnet: nothing,
    claimsFor: (vpc, read) => [isolationClaimFor(read, settings), addressClaimFor(vpc, read)],
    routesClaimFor: () => ({
      status: 'False',
      reason: 'PodNetwork',
      message:
        'The pod network leads to every other instance of the VPC and out of the cluster, whatever route tables say; close ways by the egress rules of groups.',
    }),
  };
}
