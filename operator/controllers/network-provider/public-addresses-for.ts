import type { ElasticIpSettings } from '../elastic-ip/settings.ts';
import { ovnAddresses } from './ovn-addresses.ts';
import type { PublicAddresses } from './public-addresses.ts';
import { serviceAddresses } from './service-addresses.ts';

/** What gives public addresses where this provider makes the network. */
export function publicAddressesFor(settings: ElasticIpSettings): PublicAddresses {
  switch (settings.networkProvider) {
    case 'pod':
      return serviceAddresses(settings);
    case 'kube-ovn':
      return ovnAddresses(settings.kubeOvnExternalSubnet);
    default:
      return settings.networkProvider satisfies never;
  }
}
