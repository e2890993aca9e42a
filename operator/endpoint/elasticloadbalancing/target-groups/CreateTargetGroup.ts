import { createHash } from 'node:crypto';
import type { CreateTargetGroupInput, CreateTargetGroupOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TargetGroupDefinition, type TargetGroupSpec } from '../../../api/network/target-group.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { isSameJson } from '../../../kubernetes/merge-patch.ts';
import { TargetGroup } from '../../../kubernetes/resources.ts';
import { requireVpc } from '../../ec2/vpcs/find-vpc.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { loadBalancingTagsFrom } from '../tags/load-balancing-tags.ts';
import { requireOneOf, validationError, wholeWithin } from '../../model-constraints.ts';
import { invalidConfiguration } from '../invalid-configuration.ts';
import { targetGroupOfName } from './find-target-groups.ts';
import { healthCheckFrom } from './health-check-from.ts';
import { sdkTargetGroupFrom } from './sdk-target-group.ts';

/** Elastic Load Balancing's own. */
const GROUPS_LIMIT = 3000;

/**
 * Makes a target group. Asked for once more with the same settings it answers with the one that is there.
 * @throws AwsError ValidationError, InvalidConfigurationRequest, DuplicateTargetGroupName, TooManyTargetGroups
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export async function createTargetGroup(input: CreateTargetGroupInput, context: OperationContext): Promise<CreateTargetGroupOutput> {
  const spec = specFrom(input, context);
  const name = spec.targetGroupName ?? '';
  const known = targetGroupOfName(name, context);
  if (known) return { TargetGroups: [sdkTargetGroupFrom(requireSame(known, spec), context)] };
  const { read, write, caller } = context;
  if (read.list(TargetGroup, caller.namespace).length >= GROUPS_LIMIT) throw new AwsError('TooManyTargetGroups', 'The maximum number of target groups has been reached.');
  const group: TargetGroup = {
    apiVersion: TargetGroupDefinition.apiVersion,
    kind: TargetGroupDefinition.kind,
    metadata: { name: resourceNameFor(name), namespace: caller.namespace },
    spec,
  };
  const created = await write.create(TargetGroup, group).catch((error: unknown) => {
    if (isAlreadyExists(error)) throw duplicate(name);
    throw error;
  });
  return { TargetGroups: [sdkTargetGroupFrom(created, context)] };
}

/** Name of the resource: the group's own where that can be one, so that kubectl and the Service show it. */
function resourceNameFor(name: string): string {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  return `targetgroup-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

function specFrom(input: CreateTargetGroupInput, context: OperationContext): TargetGroupSpec {
  const { Name: name = '', TargetType = 'instance', ProtocolVersion, IpAddressType, TargetControlPort, VpcId } = input;
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name)) throw validationError(`Target group name '${name.slice(0, 64)}' can have 1 to 32 letters, digits and dashes, and must not begin or end with a dash`);
  if (TargetType === 'lambda' || TargetType === 'alb') throw invalidConfiguration(`The target type '${TargetType}' is not supported`);
  const targetType = requireOneOf(TargetType, 'targetType', ['instance', 'ip'] as const);
  if (IpAddressType === 'ipv6') throw invalidConfiguration("The IP address type 'ipv6' is not supported");
  if (TargetControlPort !== undefined) throw invalidConfiguration('A target control port is not supported');
  if (input.Protocol === undefined) throw validationError('A protocol must be specified');
  if (input.Port === undefined) throw validationError('A port must be specified');
  if (input.Protocol === 'GENEVE' || input.Protocol === 'QUIC' || input.Protocol === 'TCP_QUIC') throw invalidConfiguration(`The protocol '${input.Protocol}' is not supported`);
  const protocol = requireOneOf(input.Protocol, 'protocol', ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'] as const);
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS';
  if (ProtocolVersion !== undefined && !isHttp) throw invalidConfiguration('A protocol version is for HTTP and HTTPS only');
  const defaults = TargetGroupDefinition.spec.shape.healthCheck.parse({ protocol: isHttp ? protocol : 'TCP' });
  const tags = loadBalancingTagsFrom(input.Tags);
  return {
    targetGroupName: name,
    protocol,
    ...(ProtocolVersion !== undefined && { protocolVersion: requireOneOf(ProtocolVersion, 'protocolVersion', ['HTTP1', 'HTTP2', 'GRPC'] as const) }),
    port: wholeWithin(input.Port, 'Port', 1, 65_535),
    targetType,
    ...(VpcId !== undefined && { vpcId: vpcFrom(VpcId, context) }),
    healthCheck: healthCheckFrom(input, defaults),
    ...(tags.length > 0 && { tags }),
  };
}

function vpcFrom(vpcId: string, context: OperationContext): string {
  try {
    requireVpc(vpcId, context);
    return vpcId;
  } catch (error) {
    if (error instanceof AwsError) throw validationError(`The VPC ID '${vpcId.slice(0, 64)}' is not found`);
    throw error;
  }
}

/** @throws AwsError DuplicateTargetGroupName */
function requireSame(known: TargetGroup, wanted: TargetGroupSpec): TargetGroup {
  const settingsOf = ({ targets: _targets, attributes: _attributes, tags: _tags, ...settings }: TargetGroupSpec): object => settings;
  if (isSameJson(settingsOf(known.spec), settingsOf(wanted))) return known;
  throw duplicate(wanted.targetGroupName ?? '');
}

function duplicate(name: string): AwsError {
  return new AwsError('DuplicateTargetGroupName', `A target group with the same name '${name}' exists, but with different settings`);
}
