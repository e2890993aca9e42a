import { associationIdOf, ELASTIC_IP_FINALIZER, ElasticIpConditions, isAssociated, type ElasticIpStatus } from '../../api/network/elastic-ip.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { ElasticIp } from '../../kubernetes/resources.ts';
import type { EventRecord, Write } from '../../kubernetes/write.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { holdWith, letGoOf } from '../finalizer.ts';
import { instanceIdOf } from '../instance/identity.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import type { HeldAddress, PublicAddresses } from '../network-provider/public-addresses.ts';
import { allocatedFrom } from './allocated.ts';
import { holderFor } from './holder.ts';
import { holderOf, isOver, targetOf, type Target } from './target.ts';

/** Holds an address, leads it to the instance that it is associated with, and tells both. */
export async function reconcile(elasticIp: ElasticIp, context: ReconcileContext, addresses: PublicAddresses): Promise<Outcome<ElasticIpStatus> | undefined> {
  if (elasticIp.metadata.deletionTimestamp !== undefined) return end(elasticIp, context, addresses);
  if (!addresses.goesWithOwner) await holdWith(ElasticIp, elasticIp, ELASTIC_IP_FINALIZER, context.write);
  const current = await releaseFromEnded(elasticIp, context);
  const target = await associate(current, context);
  const held = await addresses.hold(holderFor(current), target === undefined || isObjection(target) ? undefined : target, context);
  return outcomeFor(current, target, held, context);
}

/** What the garbage collector does not take away is given back first. */
async function end(elasticIp: ElasticIp, context: ReconcileContext, addresses: PublicAddresses): Promise<undefined> {
  if (!elasticIp.metadata.finalizers?.includes(ELASTIC_IP_FINALIZER)) return;
  await addresses.release(holderFor(elasticIp), context, true);
  await letGoOf(ElasticIp, elasticIp, ELASTIC_IP_FINALIZER, context.write);
}

/** Like EC2, the end of an instance leaves the address allocated and free. Only an association that held is taken back: others may wait for an instance. */
async function releaseFromEnded(elasticIp: ElasticIp, { read, write }: ReconcileContext): Promise<ElasticIp> {
  if (!isAssociated(elasticIp)) return elasticIp;
  const target = targetOf(elasticIp, read);
  if (target?.natGatewayId !== undefined) return elasticIp;
  const { instanceId } = elasticIp.spec.association ?? {};
  // An interface outlives its instances, with the address that is its own.
  const isInterfaceThere = instanceId === undefined && target?.networkInterface !== undefined;
  const isInstanceThere = target?.instance !== undefined && !isOver(target.instance);
  return isInterfaceThere || isInstanceThere ? elasticIp : disassociate(elasticIp, write);
}

async function disassociate({ metadata }: ElasticIp, write: Write): Promise<ElasticIp> {
  const { namespace, name, resourceVersion } = metadata;
  return write.patch(ElasticIp, { namespace, name }, { metadata: { resourceVersion }, spec: { association: null } });
}

/** The target that has the address from now on; why not, if it has none; undefined without a wish. */
async function associate(elasticIp: ElasticIp, { read, write }: ReconcileContext): Promise<Target | Objection | undefined> {
  const { association } = elasticIp.spec;
  if (association === undefined) return undefined;
  const target = targetOf(elasticIp, read);
  if (target === undefined) {
    const { instanceId, networkInterfaceId = '', natGatewayId } = association;
    if (natGatewayId !== undefined) return { reason: 'NatGatewayNotFound', message: `NAT gateway ${natGatewayId} does not exist in this namespace` };
    if (instanceId === undefined) return { reason: 'NetworkInterfaceNotFound', message: `network interface ${networkInterfaceId} does not exist in this namespace` };
    return { reason: 'InstanceNotFound', message: `instance ${instanceId} does not exist in this namespace` };
  }
  if (target.networkInterface === undefined && target.instance !== undefined && isOver(target.instance)) {
    return { reason: 'InstanceTerminated', message: `instance ${instanceIdOf(target.instance)} has been terminated` };
  }
  const holder = holderOf(target, elasticIp.metadata.namespace, read);
  if (holder === undefined || holder.metadata.uid === elasticIp.metadata.uid) return target;
  if (!association.allowReassociation) {
    return { reason: 'AlreadyAssociated', message: `${target.interfaceId ?? target.natGatewayId ?? ''} has ElasticIp ${holder.metadata.name}; remove that association, or set allowReassociation` };
  }
  await disassociate(holder, write);
  return target;
}

function associationClaim(target: Target | Objection | undefined): Omit<ConditionClaim, 'type'> {
  if (target === undefined) return { status: 'False', reason: 'NotAssociated', message: 'The address is associated with nothing.' };
  if (isObjection(target)) return { status: 'False', ...target };
  const { instance, interfaceId = '', natGatewayId } = target;
  if (natGatewayId !== undefined) return { status: 'True', reason: 'Associated', message: `NAT gateway ${natGatewayId} has the address.` };
  return { status: 'True', reason: 'Associated', message: instance === undefined ? `${interfaceId} has the address; no instance has the interface.` : `${instanceIdOf(instance)} has the address.` };
}

function outcomeFor(elasticIp: ElasticIp, found: Target | Objection | undefined, held: HeldAddress, { clock }: ReconcileContext): Outcome<ElasticIpStatus> {
  const { metadata, status: before } = elasticIp;
  const observedGeneration = metadata.generation ?? 0;
  const target = found === undefined || isObjection(found) ? undefined : found;
  const associationId = target && associationIdOf(elasticIp);
  const { publicIp, claim: allocated } = allocatedFrom(elasticIp, held);
  const claims: ConditionClaim[] = [
    { type: ElasticIpConditions.allocated, ...allocated },
    { type: ElasticIpConditions.associated, ...associationClaim(found) },
    { type: ElasticIpConditions.portsOpen, ...held.forwarding },
  ];
  const status: ElasticIpStatus = {
    allocationId: ec2IdOf('eipalloc', elasticIp),
    ...(publicIp === undefined ? {} : { publicIp }),
    ...(associationId === undefined ? {} : { associationId }),
    ...(target?.instance === undefined ? {} : { instanceId: instanceIdOf(target.instance) }),
    ...(target?.interfaceId === undefined ? {} : { networkInterfaceId: target.interfaceId }),
    ...(target?.natGatewayId === undefined ? {} : { natGatewayId: target.natGatewayId }),
    ...(held.openPorts === undefined || held.openPorts.length === 0 ? {} : { openPorts: held.openPorts }),
    observedGeneration,
    conditions: claims.reduce((conditions, claim) => setCondition(conditions, { ...claim, observedGeneration }, clock), before?.conditions ?? []),
  };
  return { status, events: eventsFrom(before, status) };
}

function eventsFrom(before: ElasticIpStatus | undefined, after: ElasticIpStatus): EventRecord[] {
  const events: EventRecord[] = [];
  if (after.publicIp !== undefined && before?.publicIp !== after.publicIp) events.push({ type: 'Normal', reason: 'Allocated', message: `The address is ${after.publicIp}.` });
  if (before?.associationId !== after.associationId) {
    const message = after.associationId === undefined ? 'The address is associated with nothing.' : `${after.networkInterfaceId ?? after.natGatewayId ?? ''} has the address.`;
    events.push({ type: 'Normal', reason: after.associationId === undefined ? 'Disassociated' : 'Associated', message });
  }
  for (const condition of after.conditions ?? []) {
    const was = before?.conditions?.find(({ type }) => type === condition.type)?.reason;
    if (condition.reason !== was && warningReasons.has(condition.reason)) events.push({ type: 'Warning', reason: condition.reason, message: condition.message });
  }
  return events;
}

const warningReasons: ReadonlySet<string> = new Set([
  'AlreadyAssociated',
  'ExternalSubnetNotConfigured',
  'ExternalSubnetNotFound',
  'GatewayNotAttached',
  'KindsAbsent',
  'NameTaken',
  'NoFreeAddress',
  'OtherAddress',
  'PoolNotFound',
  'RulesNotExpressible',
  'ServiceRefused',
]);
