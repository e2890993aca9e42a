import { fileURLToPath } from 'node:url';
import type { ProcessDefinition } from '../control-plane/managed-process.ts';

/** The operator as a child process: controllers and endpoint in one. It is started again if it ends by itself. */
export function operatorDefinition(options: { kubeconfig: string; region: string; port: number }): ProcessDefinition {
  return {
    name: 'operator',
    command: process.execPath,
    arguments: [fileURLToPath(new URL('../../operator/main.ts', import.meta.url))],
    environment: {
      KUBECONFIG: options.kubeconfig,
      KUBE_EC2_ROLE: 'all',
      KUBE_EC2_REGION: options.region,
      KUBE_EC2_ENDPOINT_HOST: '127.0.0.1',
      KUBE_EC2_ENDPOINT_PORT: String(options.port),
      KUBE_EC2_METRICS_HOST: '127.0.0.1',
      KUBE_EC2_METRICS_PORT: '0',
    },
    stopOrder: 0,
    restarts: true,
    stopTimeoutSeconds: 15,
  };
}
