import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import { METALLB_ANNOTATIONS } from './api/network/elastic-ip.ts';
import { canonicalCidrFrom } from './api/network/canonical-cidr.ts';
import type { ImportSettings } from './controllers/import-task/settings.ts';
import type { WebhookSettings } from './controllers/notification-topic/settings.ts';
import { outboundPolicyFrom } from './kubernetes/outbound-policy.ts';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const port = z.coerce.number().int().min(0).max(65535);
const annotations = z.string().transform((text, context): Readonly<Record<string, string>> => {
  const parsed = z.record(z.string().max(317), z.string().max(4096)).safeParse(jsonFrom(text));
  if (parsed.success) return parsed.data;
  context.addIssue('must be a JSON object of texts such as {"metallb.io/address-pool": "public"}');
  return z.NEVER;
});
const seconds = z.coerce.number().int().min(1).max(604800);

const outboundEntries = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
  .refine(isOutboundPolicy, 'must be CIDRs and names of hosts, such as 10.1.0.0/16,images.example.com,*.example.net');

const Environment = z.object({
  KUBE_EC2_ROLE: z.enum(['all', 'controllers', 'endpoint']).default('all').describe('What this process does.'),
  KUBE_EC2_REGION: z.string().regex(/^[a-z][a-z0-9-]{2,30}$/).default('us-east-1').describe('AWS region name that this cluster answers as.'),
  KUBE_EC2_NAMESPACE: z.string().min(1).default('kube-ec2').describe('Namespace of the operator itself: its leader election Lease lives there.'),
  KUBE_EC2_ENDPOINT_SERVICE_ACCOUNT: z
    .string()
    .optional()
    .describe("ServiceAccount, in the operator's namespace, that the endpoint runs as; by default kube-ec2-endpoint, or kube-ec2 where one process does all."),
  KUBE_EC2_ENDPOINT_HOST: z.string().default('0.0.0.0').describe('Address that the EC2 endpoint listens on.'),
  KUBE_EC2_ENDPOINT_PORT: port.default(8773).describe('Port of the EC2 endpoint.'),
  KUBE_EC2_METRICS_HOST: z.string().default('0.0.0.0').describe('Address for metrics and health of this process.'),
  KUBE_EC2_METRICS_PORT: port.default(9808).describe('Port for /metrics, /healthz and /readyz of this process; 0 takes a free one.'),
  KUBE_EC2_CLUSTER_DOMAIN: z.string().default('cluster.local').describe('DNS domain of the cluster, for private DNS names.'),
  KUBE_EC2_LAUNCH_DEADLINE_SECONDS: seconds.default(600).describe('How long a machine that cannot be placed or started is tried before it is given up.'),
  KUBE_EC2_TERMINATED_RETENTION_SECONDS: seconds.default(3600).describe('How long a terminated instance stays visible.'),
  KUBE_EC2_REBOOT_DEADLINE_SECONDS: seconds.default(240).describe('How long a guest has to reboot by itself before it is reset.'),
  KUBE_EC2_STORAGE_CLASS: z.string().optional().describe('StorageClass of root volumes; by default that of the cluster.'),
  KUBE_EC2_NETWORK_PROVIDER: z
    .enum(['pod', 'kube-ovn'])
    .default('pod')
    .describe('What makes the network of VPCs: the pod network with policies, or Kube-OVN, where each VPC is a router and each subnet a switch.'),
  KUBE_EC2_KUBE_OVN_EXTERNAL_SUBNET: z
    .string()
    .max(253)
    .optional()
    .describe("With Kube-OVN: its Subnet in the network outside, which public addresses come from and internet gateways lead to; without it VPCs have no way out."),
  KUBE_EC2_NETWORK_POLICY: z
    .enum(['auto', 'enforced', 'not-enforced'])
    .default('auto')
    .describe("Whether the cluster's network enforces NetworkPolicies, which security groups are; auto looks for network plugins that are known."),
  KUBE_EC2_NETWORK_POLICY_FAIL_CLOSED: flag.default(false).describe('Whether instances are launched only into security groups that are known to be enforced.'),
  KUBE_EC2_POD_CIDRS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
    .refine((blocks) => blocks.every((block) => canonicalCidrFrom(block)?.text === block), 'must be blocks such as 10.244.0.0/16,fd00:10:244::/56')
    .describe('Address blocks of pods, separated by commas: with them wide CIDR rules of security groups do not let in instances of other VPCs.'),
  KUBE_EC2_ELASTIC_IP_LOAD_BALANCER_CLASS: z.string().max(253).optional().describe('loadBalancerClass of the Services of elastic IPs; by default that of the cluster.'),
  KUBE_EC2_ELASTIC_IP_ANNOTATIONS: annotations.optional().describe("Annotations of those Services, as a JSON object; {address} and {pool} stand for what an ElasticIp asks for. By default MetalLB's."),
  KUBE_EC2_ELASTIC_IP_NODE_PORTS: flag.default(false).describe('Whether the load balancer needs node ports.'),
  KUBE_EC2_IMPORT_ALLOW: outboundEntries.describe('Private networks and hosts that disk images may be imported from, separated by commas; public addresses always are.'),
  KUBE_EC2_WEBHOOK_ALLOW: outboundEntries.describe('Private networks and hosts that notifications may be sent to, separated by commas; public addresses always are, by https.'),
  KUBE_EC2_IMPORT_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().describe('S3 server that s3://bucket/key means in imports.'),
  KUBE_EC2_UNKNOWN_PARAMETERS: z.enum(['ignore', 'error']).default('ignore').describe('What a parameter that the model does not know leads to.'),
  KUBE_EC2_THROTTLE: z
    .union([z.literal('off'), z.coerce.number().min(0.01).max(10_000)])
    .default('off')
    .describe("Limits of requests per account and action: off, or a factor of EC2's own (1 is what EC2 has)."),
  KUBE_EC2_PROMETHEUS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Prometheus that scrapes KubeVirt, for metrics of instances, alarms and scaling policies; without it there are only custom metrics.'),
  KUBE_EC2_PROMETHEUS_RATE_SECONDS: z.coerce.number().int().min(2).max(3600).default(120).describe('Seconds that rates are taken over: at least twice the interval of scraping.'),
  KUBE_EC2_LEADER_ELECTION: flag.default(true).describe('Whether controllers wait for the Lease; false only where a single process is certain.'),
  KUBE_EC2_LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info').describe('Least level that is logged.'),
  KUBE_EC2_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(16).describe('Instances reconciled at the same time.'),
});

function isOutboundPolicy(entries: readonly string[]): boolean {
  try {
    outboundPolicyFrom(entries);
    return true;
  } catch {
    return false;
  }
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Settings of a process, read once at start. */
export interface Config {
  role: 'all' | 'controllers' | 'endpoint';
  region: string;
  namespace: string;
  endpoint: { host: string; port: number };
  metrics: { host: string; port: number };
  endpointServiceAccount: { namespace: string; name: string };
  clusterDomain: string;
  launchDeadlineSeconds: number;
  terminatedRetentionSeconds: number;
  rebootDeadlineSeconds: number;
  storageClass: string | undefined;
  networkProvider: 'pod' | 'kube-ovn';
  kubeOvnExternalSubnet: string | undefined;
  networkPolicy: 'auto' | 'enforced' | 'not-enforced';
  networkPolicyFailClosed: boolean;
  podCidrs: readonly string[];
  imports: ImportSettings['imports'];
  webhooks: WebhookSettings['webhooks'];
  elasticIps: { loadBalancerClass: string | undefined; annotations: Readonly<Record<string, string>>; nodePorts: boolean };
  unknownParameters: 'ignore' | 'error';
  /** Factor of EC2's token buckets; undefined: no limits. */
  throttleFactor: number | undefined;
  /** Prometheus that scrapes KubeVirt. */
  prometheusUrl: string | undefined;
  prometheusRateSeconds: number;
  leaderElection: boolean;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  concurrency: number;
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // refused with all else that is no object
  }
}

/** The environment is not usable: the message names each variable and what is right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the settings. An empty variable counts as unset. @throws ConfigError */
export function configFrom(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const value = parsed.data;
  return {
    role: value.KUBE_EC2_ROLE,
    region: value.KUBE_EC2_REGION,
    namespace: value.KUBE_EC2_NAMESPACE,
    endpoint: { host: value.KUBE_EC2_ENDPOINT_HOST, port: value.KUBE_EC2_ENDPOINT_PORT },
    metrics: { host: value.KUBE_EC2_METRICS_HOST, port: value.KUBE_EC2_METRICS_PORT },
    endpointServiceAccount: {
      namespace: value.KUBE_EC2_NAMESPACE,
      name: value.KUBE_EC2_ENDPOINT_SERVICE_ACCOUNT ?? (value.KUBE_EC2_ROLE === 'all' ? 'kube-ec2' : 'kube-ec2-endpoint'),
    },
    clusterDomain: value.KUBE_EC2_CLUSTER_DOMAIN,
    launchDeadlineSeconds: value.KUBE_EC2_LAUNCH_DEADLINE_SECONDS,
    terminatedRetentionSeconds: value.KUBE_EC2_TERMINATED_RETENTION_SECONDS,
    rebootDeadlineSeconds: value.KUBE_EC2_REBOOT_DEADLINE_SECONDS,
    storageClass: value.KUBE_EC2_STORAGE_CLASS,
    networkProvider: value.KUBE_EC2_NETWORK_PROVIDER,
    kubeOvnExternalSubnet: value.KUBE_EC2_KUBE_OVN_EXTERNAL_SUBNET,
    networkPolicy: value.KUBE_EC2_NETWORK_POLICY,
    networkPolicyFailClosed: value.KUBE_EC2_NETWORK_POLICY_FAIL_CLOSED,
    podCidrs: value.KUBE_EC2_POD_CIDRS,
    elasticIps: {
      loadBalancerClass: value.KUBE_EC2_ELASTIC_IP_LOAD_BALANCER_CLASS,
      annotations: value.KUBE_EC2_ELASTIC_IP_ANNOTATIONS ?? METALLB_ANNOTATIONS,
      nodePorts: value.KUBE_EC2_ELASTIC_IP_NODE_PORTS,
    },
    imports: { policy: outboundPolicyFrom(value.KUBE_EC2_IMPORT_ALLOW), s3Endpoint: value.KUBE_EC2_IMPORT_S3_ENDPOINT, resolve: addressesOf },
    webhooks: { policy: outboundPolicyFrom(value.KUBE_EC2_WEBHOOK_ALLOW), resolve: addressesOf },
    unknownParameters: value.KUBE_EC2_UNKNOWN_PARAMETERS,
    throttleFactor: value.KUBE_EC2_THROTTLE === 'off' ? undefined : value.KUBE_EC2_THROTTLE,
    prometheusUrl: value.KUBE_EC2_PROMETHEUS_URL,
    prometheusRateSeconds: value.KUBE_EC2_PROMETHEUS_RATE_SECONDS,
    leaderElection: value.KUBE_EC2_LEADER_ELECTION,
    logLevel: value.KUBE_EC2_LOG_LEVEL,
    concurrency: value.KUBE_EC2_CONCURRENCY,
  };
}
