import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a TargetGroup. */
export const TargetGroupConditions = {
  /** Its Service has the endpoints of its healthy targets. */
  served: 'Served',
} as const;

/** Targets of one group. */
export const TARGETS_LIMIT = 500;
const port = z.int().min(1).max(65535);

const Target = z.object({
  id: z.string().min(1).max(255).describe('Instance by id (i-...), or an IP address, by targetType.'),
  port: port.optional().describe('Port of the target; by default that of the group.'),
});
export type Target = z.infer<typeof Target>;

const HealthCheck = z.object({
  enabled: z.boolean().default(true).describe('Without checks a running instance counts as healthy.'),
  protocol: z.enum(['HTTP', 'HTTPS', 'TCP']).default('HTTP').describe('How it is checked.'),
  port: z.string().regex(/^(traffic-port|[0-9]{1,5})$/, 'port must be a number or traffic-port').max(12).default('traffic-port').describe('Port that is checked.'),
  path: z.string().max(1024).default('/').describe('Path of HTTP checks.'),
  intervalSeconds: z.int().min(5).max(300).default(30).describe('Seconds between two checks.'),
  timeoutSeconds: z.int().min(2).max(120).default(5).describe('Seconds that an answer may take.'),
  healthyThresholdCount: z.int().min(2).max(10).default(5).describe('Checks in a row that make a target healthy.'),
  unhealthyThresholdCount: z.int().min(2).max(10).default(2).describe('Checks in a row that make it unhealthy.'),
  matcher: z.string().regex(/^[0-9]{3}([-,][0-9]{3})*$/, 'matcher must be codes such as 200, 200,202 or 200-299').max(64).default('200').describe('HTTP codes that count as healthy.'),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

const TargetGroupSpec = z.object({
  targetGroupName: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, 'targetGroupName may have letters, digits and dashes')
    .max(32)
    .optional()
    .describe('Name in Elastic Load Balancing, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'targetGroupName cannot be changed; make a new TargetGroup' }] }),
  protocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP']).default('HTTP').describe('Protocol of the traffic.'),
  protocolVersion: z.enum(['HTTP1', 'HTTP2', 'GRPC']).optional().describe('Recorded.'),
  port: port.describe('Port that targets receive traffic on, and of the Service.'),
  targetType: z.enum(['instance', 'ip']).default('instance').describe('What the targets are.'),
  vpcId: Reference.optional().describe('VPC; by default the default VPC.'),
  healthCheck: HealthCheck.prefault({}).describe('How targets are checked.'),
  targets: z.array(Target).max(TARGETS_LIMIT).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Registered targets.'),
  attributes: z.array(z.object({ key: z.string().min(1).max(256).describe('Name.'), value: z.string().max(1024).describe('Value.') })).max(32).optional().meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'] }).describe('Attributes as ModifyTargetGroupAttributes sets them. Recorded.'),
  tags: Tags.optional(),
});
export type TargetGroupSpec = z.infer<typeof TargetGroupSpec>;

/** States of a target. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export const TARGET_STATES = ['initial', 'healthy', 'unhealthy', 'unused', 'draining', 'unavailable'] as const;

const TargetStatus = z.object({
  id: z.string().describe('Instance or address.'),
  port: z.int().describe('Port.'),
  state: z.enum(TARGET_STATES).describe('Health.'),
  reason: z.string().max(64).optional().describe('Why, as Elastic Load Balancing spells it.'),
  description: z.string().max(255).optional().describe('Why, for people.'),
});
export type TargetStatus = z.infer<typeof TargetStatus>;

const TargetGroupStatus = z.object({
  targetGroupName: z.string().optional().describe('Name in Elastic Load Balancing.'),
  serviceName: z.string().optional().describe('Service that reaches the healthy targets.'),
  targets: z.array(TargetStatus).max(2 * TARGETS_LIMIT).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Health of each target.'),
  healthy: z.int().min(0).optional().describe('Targets that are healthy.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type TargetGroupStatus = z.infer<typeof TargetGroupStatus>;
export type TargetGroup = CustomResource<TargetGroupSpec, TargetGroupStatus>;

/** Name of a target group as Elastic Load Balancing shows it. */
export function targetGroupNameOf({ metadata, spec }: TargetGroup): string {
  return spec.targetGroupName ?? metadata.name;
}

/** The 16 digits at the end of the ARN of a target group; they follow from its uid. */
function targetGroupDigitsOf({ metadata }: TargetGroup): string {
  return createHash('sha256').update(metadata.uid ?? metadata.name).digest('hex').slice(0, 16);
}

/** ARN of a target group. */
export function targetGroupArnOf(group: TargetGroup, region: string, accountId: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${targetGroupNameOf(group)}/${targetGroupDigitsOf(group)}`;
}

/** TargetGroup: machines behind one Service, checked for health. */
export const TargetGroupDefinition = defineCustomResource({
  kind: 'TargetGroup',
  plural: 'targetgroups',
  shortNames: ['tg'],
  namespaced: true,
  description: 'A target group as Elastic Load Balancing has it: a Service with the addresses of the registered instances that are healthy.',
  spec: TargetGroupSpec,
  status: TargetGroupStatus,
  printerColumns: [
    { name: 'Protocol', type: 'string', path: '.spec.protocol' },
    { name: 'Port', type: 'integer', path: '.spec.port' },
    { name: 'Service', type: 'string', path: '.status.serviceName' },
    { name: 'Healthy', type: 'integer', path: '.status.healthy' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [
    { rule: 'has(self.targetGroupName) == has(oldSelf.targetGroupName)', message: 'targetGroupName cannot be added or removed; make a new TargetGroup', fieldPath: '.targetGroupName' },
    ...['protocol', 'port', 'targetType'].map((field) => ({ rule: `self.${field} == oldSelf.${field}`, message: `${field} cannot be changed; make a new TargetGroup`, fieldPath: `.${field}` })),
  ],
});

/** Whether an ARN is that of the target group, by the digits at its end; manifests may also name the resource: `TargetGroup/<name>`. */
export function isArnOf(group: TargetGroup, arn: string): boolean {
  return arn === `TargetGroup/${group.metadata.name}` || (arn.includes(':targetgroup/') && arn.endsWith(`/${targetGroupDigitsOf(group)}`));
}

/** Whether an IPv4 address can be an endpoint: not one of the host itself, of the link, or of groups, which Kubernetes refuses. */
export function isServableAddress(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  return first !== 0 && first !== 127 && first < 224 && !(first === 169 && second === 254);
}
