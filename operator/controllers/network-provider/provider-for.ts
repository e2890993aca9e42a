import type { VpcSettings } from '../vpc/settings.ts';
import { kubeOvnProvider } from './kube-ovn-provider.ts';
import { podProvider } from './pod-provider.ts';
import type { NetworkProvider } from './provider.ts';

/** The provider that the configuration names. */
export function networkProviderFor(settings: VpcSettings): NetworkProvider {
  switch (settings.networkProvider) {
    case 'pod':
      return podProvider(settings);
    case 'kube-ovn':
      return kubeOvnProvider(settings.kubeOvnExternalSubnet);
    default:
      return settings.networkProvider satisfies never;
  }
}
