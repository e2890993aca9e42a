import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identities } from './identities.ts';
import type { ProcessDefinition } from './managed-process.ts';
import type { CompleteOptions } from './options.ts';
import type { Ports } from './ports.ts';

/** What the definitions below are made from. */
export interface ComponentContext {
  dataDirectory: string;
  options: CompleteOptions;
  ports: Ports;
  identities: Identities;
  binaries: Readonly<Record<'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler', string>>;
}

/** Pods of the simulated nodes get their addresses from it: 128 nodes of 510 addresses. */
export const POD_NETWORK = { cidr: '10.244.0.0/16', nodeMask: 23 } as const;

/** URL of the API server. */
export function serverUrl(ports: Ports): string {
  return `https://127.0.0.1:${String(ports.apiServer)}`;
}

/** Saves a third of the processor time of a start, for a quarter of a gigabyte. A limit near what lives after hundreds of machines would have it collect all the time. */
const lazyGarbageCollection = { GOGC: '300', GOMEMLIMIT: '10GiB' };

/** Flags of a component, each as one argument. */
export function flagsFrom(values: Record<string, string | number | boolean>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${String(value)}`);
}

/** etcd, open to the API server's certificate only. */
export function etcd({ dataDirectory, options, ports, identities, binaries }: ComponentContext): ProcessDefinition {
  const files = {
    'cert-file': identities.etcdServer.certificateFile,
    'key-file': identities.etcdServer.keyFile,
    'trusted-ca-file': identities.etcd.certificateFile,
    'client-cert-auth': true,
  };
  const client = `https://127.0.0.1:${String(ports.etcd)}`;
  const peer = `https://127.0.0.1:${String(ports.etcdPeer)}`;
  return {
    name: 'etcd',
    command: binaries.etcd,
    arguments: flagsFrom({
      ...files,
      ...Object.fromEntries(Object.entries(files).map(([name, value]) => [name === 'client-cert-auth' ? 'peer-client-cert-auth' : `peer-${name}`, value])),
      name: 'default',
      'data-dir': join(dataDirectory, 'etcd'),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
      'log-level': 'warn',
      // The one member needs no election by time-out.
      'heartbeat-interval': 50,
      'election-timeout': 250,
      ...(options.durable ? {} : { 'unsafe-no-fsync': true }),
    }),
    stopOrder: 40,
    restarts: true,
    stopTimeoutSeconds: 10,
  };
}

/** kube-apiserver with RBAC and the aggregation layer. */
export function apiServer({ ports, identities, binaries }: ComponentContext): ProcessDefinition {
  return {
    name: 'kube-apiserver',
    command: binaries['kube-apiserver'],
    arguments: flagsFrom({
      'etcd-servers': `https://127.0.0.1:${String(ports.etcd)}`,
      'etcd-cafile': identities.etcd.certificateFile,
      'etcd-certfile': identities.etcdClient.certificateFile,
      'etcd-keyfile': identities.etcdClient.keyFile,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': ports.apiServer,
      'endpoint-reconciler-type': 'none',
      'tls-cert-file': identities.apiServer.certificateFile,
      'tls-private-key-file': identities.apiServer.keyFile,
      'client-ca-file': identities.cluster.certificateFile,
      'token-auth-file': identities.tokenFile,
      'authorization-mode': 'Node,RBAC',
      'allow-privileged': true,
      'service-cluster-ip-range': '10.96.0.0/16',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': identities.serviceAccountKey.publicKeyFile,
      'service-account-signing-key-file': identities.serviceAccountKey.privateKeyFile,
      'requestheader-client-ca-file': identities.frontProxy.certificateFile,
      'requestheader-allowed-names': 'front-proxy',
      'requestheader-username-headers': 'X-Remote-User',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'proxy-client-cert-file': identities.frontProxyClient.certificateFile,
      'proxy-client-key-file': identities.frontProxyClient.keyFile,
      // Kubelets of the simulated nodes are one server on loopback, which nodes name as their external DNS name.
      'kubelet-certificate-authority': identities.cluster.certificateFile,
      'kubelet-client-certificate': identities.apiServer.certificateFile,
      'kubelet-client-key': identities.apiServer.keyFile,
      'kubelet-preferred-address-types': 'ExternalDNS',
      'max-requests-inflight': 800,
      'max-mutating-requests-inflight': 400,
    }),
    environment: lazyGarbageCollection,
    stopOrder: 30,
    restarts: true,
    stopTimeoutSeconds: 10,
  };
}

/** kube-controller-manager with all its usual controllers. */
export function controllerManager({ identities, binaries }: ComponentContext): ProcessDefinition {
  const kubeconfig = identities.kubeconfigFor('system:kube-controller-manager');
  return {
    name: 'kube-controller-manager',
    command: binaries['kube-controller-manager'],
    arguments: flagsFrom({
      kubeconfig,
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'secure-port': 0,
      'leader-elect': false,
      'use-service-account-credentials': true,
      'service-account-private-key-file': identities.serviceAccountKey.privateKeyFile,
      'root-ca-file': identities.cluster.certificateFile,
      'allocate-node-cidrs': true,
      'cluster-cidr': POD_NETWORK.cidr,
      'node-cidr-mask-size': POD_NETWORK.nodeMask,
      // The default 20 and 30 would make a hundred terminations wait for the controllers instead of for the product.
      'kube-api-qps': 200,
      'kube-api-burst': 400,
      // A lost node is noticed after 20 s instead of 50 s.
      'node-monitor-period': '2s',
      'node-monitor-grace-period': '20s',
    }),
    stopOrder: 20,
    restarts: true,
  };
}

/** kube-scheduler with its default profile. */
export function scheduler({ identities, binaries }: ComponentContext): ProcessDefinition {
  const kubeconfig = identities.kubeconfigFor('system:kube-scheduler');
  return {
    name: 'kube-scheduler',
    command: binaries['kube-scheduler'],
    arguments: flagsFrom({
      kubeconfig,
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'secure-port': 0,
      'leader-elect': false,
      'kube-api-qps': 200,
      'kube-api-burst': 400,
    }),
    stopOrder: 20,
    restarts: true,
  };
}

/** KubeVirt's admission webhooks and subresources. */
export function virtApi({ ports, identities }: ComponentContext, binary: string): ProcessDefinition {
  return {
    name: 'virt-api',
    command: binary,
    arguments: flagsFrom({
      kubeconfig: identities.kubeconfigFor('system:serviceaccount:kubevirt:kubevirt-apiserver'),
      listen: '127.0.0.1',
      port: ports.virtApi,
      'console-server-port': ports.virtHandler,
      'tls-cert-file': identities.virtApi.certificateFile,
      'tls-key-file': identities.virtApi.keyFile,
      'handler-cert-file': identities.virtHandlerClient.certificateFile,
      'handler-key-file': identities.virtHandlerClient.keyFile,
    }),
    environment: { ...lazyGarbageCollection, NAMESPACE: 'kubevirt', POD_NAMESPACE: 'kubevirt', POD_NAME: 'virt-api' },
    stopOrder: 20,
    restarts: true,
    // It does not react to SIGTERM, and has no state.
    stopTimeoutSeconds: 0.2,
  };
}

/**
 * KubeVirt's controllers, with as many workers as they have by default (13). More, on two cores, keep so many requests open at the API server that its etcd
 * connections wait for their flow control: pods are then seen up to seven seconds late, and what was done is tried again, three patches of a pod for one.
 */
export function virtController({ ports, identities }: ComponentContext, binary: string): ProcessDefinition {
  return {
    name: 'virt-controller',
    command: binary,
    arguments: flagsFrom({
      kubeconfig: identities.kubeconfigFor('system:serviceaccount:kubevirt:kubevirt-controller'),
      listen: '127.0.0.1',
      port: ports.virtController,
      'launcher-image': 'virt-launcher:simulated',
      'exporter-image': 'virt-exportserver:simulated',
      'prom-cert-file': identities.virtApi.certificateFile,
      'prom-key-file': identities.virtApi.keyFile,
    }),
    environment: { NAMESPACE: 'kubevirt', POD_NAMESPACE: 'kubevirt', POD_NAME: 'virt-controller' },
    stopOrder: 20,
    restarts: true,
  };
}

/** The simulator of everything that would run on the nodes. */
export function nodeAgent({ dataDirectory }: ComponentContext, configurationFile: string): ProcessDefinition {
  return {
    name: 'node-agent',
    command: process.execPath,
    arguments: [fileURLToPath(new URL('node-agent/main.ts', import.meta.url)), configurationFile],
    environment: { KUBE_EC2_DATA: dataDirectory },
    stopOrder: 10,
    restarts: true,
  };
}
