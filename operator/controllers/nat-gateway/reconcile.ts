import { ec2IdOf } from '../../api/ec2-id.ts';
import { NAT_GATEWAY_FINALIZER, NatGatewayConditions, type NatGatewayStatus } from '../../api/network/nat-gateway.ts';
import type { Read } from '../../kubernetes/read.ts';
import { ElasticIp, NatGateway, type Subnet, type Vpc } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { holdWith, letGoOf } from '../finalizer.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { gatewayOf } from '../internet-gateway/gateway-of.ts';
import { subnetsRoutedTo } from '../network-provider/kube-ovn-way-out.ts';
import type { NatNetwork } from '../network-provider/provider.ts';
import { findSubnet, findVpc } from '../vpc/find-vpc.ts';

/** What a gateway needs, found. */
interface Parts {
  vpc: Vpc;
  elasticIp: ElasticIp;
}

/** Gives a NAT gateway its address, and lets those subnets out by it whose route tables lead to it. */
export async function reconcile(
  natGateway: NatGateway,
  context: ReconcileContext,
  nat: NatNetwork | undefined,
): Promise<Outcome<NatGatewayStatus> | undefined> {
  if (natGateway.metadata.deletionTimestamp !== undefined) return end(natGateway, context, nat);
  await holdWith(NatGateway, natGateway, NAT_GATEWAY_FINALIZER, context.write);
  if (nat === undefined) return failed(natGateway, notSupported, context);
  const parts = partsOf(natGateway, context.read);
  if (isObjection(parts)) {
    // Nobody gets out by it any more; its address may be on the way back.
    await nat.remove(natGateway, context);
    return failed(natGateway, parts, context);
  }
  const { vpc, elasticIp } = parts;
  const taken = await take(elasticIp, natGateway, context.write);
  if (isObjection(taken)) return failed(natGateway, taken, context);
  const { publicIp } = taken.status ?? {};
  const subnets = subnetsRoutedTo(natGateway, vpc, context.read);
  const isThrough = publicIp !== undefined && (await nat.ensure(natGateway, ec2IdOf('eipalloc', taken), subnets, context));
  const verdicts = { ready: readyVerdict(elasticIp, publicIp), translating: translatingVerdict(subnets, isThrough) };
  const state = publicIp === undefined ? 'pending' : 'available';
  return {
    status: statusOf(natGateway, { state, ...(publicIp !== undefined && { publicIp }), vpcId: ec2IdOf('vpc', vpc) }, verdicts, context),
    events: state === 'available' && natGateway.status?.state !== state ? [{ type: 'Normal', reason: 'Available', message: verdicts.ready.message }] : [],
  };
}

type Verdict = Pick<ConditionClaim, 'status' | 'reason' | 'message'>;

function readyVerdict({ metadata }: ElasticIp, publicIp: string | undefined): Verdict {
  if (publicIp !== undefined) return { status: 'True', reason: 'Available', message: `The address is ${publicIp}.` };
  return { status: 'False', reason: 'AddressPending', message: `ElasticIp ${metadata.name} has no address yet: see its condition Allocated.` };
}

function translatingVerdict(subnets: readonly Subnet[], isThrough: boolean): Verdict {
  const list = subnets.map(({ metadata }) => metadata.name).slice(0, 20).join(', ');
  if (!isThrough) return { status: 'False', reason: 'Pending', message: `Subnets do not get out by it yet: ${list}.` };
  return { status: 'True', reason: 'Translating', message: subnets.length === 0 ? 'No route table of a subnet leads to it.' : `Subnets get out by it: ${list}.` };
}

const notSupported: Objection = {
  reason: 'UnsupportedOperation',
  message: 'There are NAT gateways with Kube-OVN only, and with an external subnet: set KUBE_EC2_KUBE_OVN_EXTERNAL_SUBNET.',
};

/** What the spec names. Reasons and words of what is missing are EC2's. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html */
function partsOf({ metadata, spec }: NatGateway, read: Read): Parts | Objection {
  const { namespace } = metadata;
  const subnet = findSubnet(spec.subnetId, namespace, read);
  const vpc = subnet && findVpc(subnet.spec.vpcId, namespace, read);
  if (vpc === undefined) return { reason: 'InvalidSubnetID.NotFound', message: `The specified subnet ${spec.subnetId} does not exist` };
  if (gatewayOf(vpc, read) === undefined) return { reason: 'Gateway.NotAttached', message: `Network ${ec2IdOf('vpc', vpc)} has no internet gateway attached` };
  const elasticIp = elasticIpOf(spec.allocationId, namespace, read);
  if (elasticIp !== undefined) return { vpc, elasticIp };
  return { reason: 'InvalidAllocationID.NotFound', message: `Elastic IP address ${spec.allocationId} could not be associated with this NAT gateway` };
}

function elasticIpOf(reference: string, namespace: string | undefined, read: Read): ElasticIp | undefined {
  const isIt = (elasticIp: ElasticIp): boolean => elasticIp.metadata.name === reference || ec2IdOf('eipalloc', elasticIp) === reference;
  return read.list(ElasticIp, namespace).find((elasticIp) => elasticIp.metadata.deletionTimestamp === undefined && isIt(elasticIp));
}

function isTakenBy({ spec }: ElasticIp, natGateway: NatGateway): boolean {
  return [natGateway.metadata.name, ec2IdOf('nat', natGateway)].includes(spec.association?.natGatewayId ?? '');
}

/** The association stands in the ElasticIp, so that two cannot have one address. */
async function take(elasticIp: ElasticIp, natGateway: NatGateway, write: Write): Promise<ElasticIp | Objection> {
  if (isTakenBy(elasticIp, natGateway)) return elasticIp;
  const { namespace, name, resourceVersion } = elasticIp.metadata;
  if (elasticIp.spec.association !== undefined) {
    return { reason: 'Resource.AlreadyAssociated', message: `Elastic IP address ${ec2IdOf('eipalloc', elasticIp)} is already associated` };
  }
  return write.patch(ElasticIp, { namespace, name }, { metadata: { resourceVersion }, spec: { association: { natGatewayId: ec2IdOf('nat', natGateway) } } });
}

/** The rules go, then the address is free, then the gateway is gone. */
async function end(natGateway: NatGateway, context: ReconcileContext, nat: NatNetwork | undefined): Promise<Outcome<NatGatewayStatus> | undefined> {
  const { read, write } = context;
  const isGone = nat === undefined || (await nat.remove(natGateway, context));
  if (!isGone) {
    const message = 'It is being taken away.';
    const claim = { status: 'False', reason: 'Deleting', message } as const;
    return { status: statusOf(natGateway, { ...natGateway.status, state: 'deleting' }, { ready: claim, translating: claim }, context) };
  }
  for (const elasticIp of read.list(ElasticIp, natGateway.metadata.namespace).filter((candidate) => isTakenBy(candidate, natGateway))) {
    const { namespace, name, resourceVersion } = elasticIp.metadata;
    await write.patch(ElasticIp, { namespace, name }, { metadata: { resourceVersion }, spec: { association: null } });
  }
  await letGoOf(NatGateway, natGateway, NAT_GATEWAY_FINALIZER, write);
  return undefined;
}

function failed(natGateway: NatGateway, { reason, message }: Objection, context: ReconcileContext): Outcome<NatGatewayStatus> {
  // Conditions have reasons in CamelCase.
  const claim = { status: 'False', reason: reason.replace('.', ''), message } as const;
  return {
    status: statusOf(natGateway, { state: 'failed', failureCode: reason, failureMessage: message }, { ready: claim, translating: claim }, context),
    events: natGateway.status?.failureCode === reason ? [] : [{ type: 'Warning', reason: claim.reason, message }],
  };
}

interface Verdicts {
  ready: Verdict;
  translating: Verdict;
}

function statusOf(natGateway: NatGateway, status: NatGatewayStatus, { ready, translating }: Verdicts, { clock }: ReconcileContext): NatGatewayStatus {
  const observedGeneration = natGateway.metadata.generation ?? 0;
  const claims = [
    { type: NatGatewayConditions.ready, ...ready },
    { type: NatGatewayConditions.translating, ...translating },
  ];
  return {
    ...status,
    natGatewayId: ec2IdOf('nat', natGateway),
    observedGeneration,
    conditions: claims.reduce((list, claim) => setCondition(list, { ...claim, observedGeneration }, clock), natGateway.status?.conditions ?? []),
  };
}
