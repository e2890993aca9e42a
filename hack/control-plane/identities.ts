import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openCertificateAuthority, openSigningKey, type CertificateAuthority, type CertificateFiles } from './certificate-authority.ts';
import { kubeconfigFrom, writeSecretFile } from './kubeconfig.ts';
import type { Connection } from './kubernetes-client.ts';
import { openTokens } from './tokens.ts';

/** All keys and certificates of a control plane; made once, then kept in `<data>/pki`. */
export interface Identities {
  cluster: CertificateAuthority;
  /** Its certificates open etcd, so it signs for the API server only. */
  etcd: CertificateAuthority;
  /** Lets the API server's aggregator speak for users to virt-api. */
  frontProxy: CertificateAuthority;
  etcdServer: CertificateFiles;
  etcdClient: CertificateFiles;
  apiServer: CertificateFiles;
  frontProxyClient: CertificateFiles;
  serviceAccountKey: { privateKeyFile: string; publicKeyFile: string };
  /** Path of the file with the tokens that the API server knows. */
  tokenFile: string;
  virtApi: CertificateFiles;
  virtHandlerClient: CertificateFiles;
  virtHandlerServer: CertificateFiles;
  /** Connection of a user with the groups: by its token for those who have one in a cluster, else by a certificate, which is new each time and has no revocation. */
  connectionFor(user: string, groups?: readonly string[]): Connection;
  /** Path of a kubeconfig for the user, written anew. */
  kubeconfigFor(user: string, groups?: readonly string[]): string;
}

/** Who the operator is to the API server: one ServiceAccount with the rights of controllers and endpoint. */
export const OPERATOR_USER = 'system:serviceaccount:kube-ec2:kube-ec2';

/** Whose workloads come with a ServiceAccount's token, which costs the API server less for each request than to check a certificate does. */
const TOKEN_USERS = [
  OPERATOR_USER,
  ...['kubevirt-apiserver', 'kubevirt-controller', 'kubevirt-handler'].map((name) => `system:serviceaccount:kubevirt:${name}`),
];

const loopback = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };

/** Opens the identities of a data directory; what is missing is made. `server` is the API server's URL. */
export function openIdentities(dataDirectory: string, server: string): Identities {
  const folder = join(dataDirectory, 'pki');
  const cluster = openCertificateAuthority(folder, 'cluster-ca');
  const etcd = openCertificateAuthority(folder, 'etcd-ca');
  const frontProxy = openCertificateAuthority(folder, 'front-proxy-ca');
  const tokens = openTokens(folder, TOKEN_USERS.map((user) => ({ user, groups: groupsOf(user) })));
  const connectionFor = (user: string, groups?: readonly string[]): Connection => {
    const token = groups === undefined ? tokens.of.get(user) : undefined;
    const proof = token === undefined ? cluster.issue({ commonName: user, organizations: groups ?? groupsOf(user), usages: ['client'] }) : { token };
    return { server, certificateAuthority: cluster.certificate, ...proof };
  };
  const kubeconfigs = join(dataDirectory, 'kubeconfigs');
  mkdirSync(kubeconfigs, { recursive: true, mode: 0o700 });
  return {
    cluster,
    etcd,
    frontProxy,
    etcdServer: etcd.issueFiles('etcd-server', { commonName: 'etcd', ...loopback, usages: ['server', 'client'] }),
    etcdClient: etcd.issueFiles('etcd-client', { commonName: 'kube-apiserver', usages: ['client'] }),
    apiServer: cluster.issueFiles('kube-apiserver', {
      commonName: 'kube-apiserver',
      dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
      ipAddresses: ['127.0.0.1', '10.96.0.1'],
      usages: ['server', 'client'],
    }),
    frontProxyClient: frontProxy.issueFiles('front-proxy-client', { commonName: 'front-proxy', usages: ['client'] }),
    serviceAccountKey: openSigningKey(folder, 'service-accounts'),
    tokenFile: tokens.file,
    virtApi: cluster.issueFiles('virt-api', {
      commonName: 'virt-api',
      dnsNames: ['localhost', 'virt-api.kubevirt.svc'],
      ipAddresses: ['127.0.0.1'],
      usages: ['server'],
    }),
    virtHandlerClient: cluster.issueFiles('virt-handler-client', { commonName: 'kubevirt.io:system:client:virt-handler', usages: ['client'] }),
    virtHandlerServer: cluster.issueFiles('virt-handler-server', {
      commonName: 'kubevirt.io:system:node:virt-handler',
      ...loopback,
      usages: ['server', 'client'],
    }),
    connectionFor,
    kubeconfigFor: (user, groups) => {
      const path = join(kubeconfigs, `${user.replaceAll(/[^A-Za-z0-9.-]+/g, '_')}.yaml`);
      writeSecretFile(path, kubeconfigFrom(connectionFor(user, groups)));
      return path;
    },
  };
}

/** The groups that Kubernetes itself gives to a ServiceAccount's tokens. */
function groupsOf(user: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user) ?? [];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}
