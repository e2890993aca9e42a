import { KubeConfig } from '@kubernetes/client-node';

/**
 * How to reach the cluster: from a kubeconfig file if one is named, else as kubectl finds it (KUBECONFIG, the home folder), else as a pod does.
 * @throws Error - if the file cannot be read or names no cluster
 */
export function loadKubeConfig(file?: string): KubeConfig {
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  if (config.getCurrentCluster() === null) throw new Error(`the kubeconfig${file === undefined ? '' : ` ${file}`} names no current cluster`);
  return config;
}
