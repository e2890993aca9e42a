import { ec2IdOf } from '../../api/ec2-id.ts';
import { VpcConditions, type VpcStatus } from '../../api/vpc.ts';
import type { Vpc } from '../../kubernetes/resources.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { addressClaimFor } from './addresses.ts';
import type { VpcSettings } from './controller.ts';
import { ensureDefaultSubnets, type DefaultSubnets } from './ensure-default-subnets.ts';
import { defaultVpcOf } from './find-vpc.ts';

type Claim = Omit<ConditionClaim, 'observedGeneration'>;

/** Gives a VPC its id and, if it is the default one, its subnets; says what of it is not as on EC2. */
export async function reconcile(vpc: Vpc, context: ReconcileContext, settings: VpcSettings): Promise<Outcome<VpcStatus> | undefined> {
  if (vpc.metadata.deletionTimestamp !== undefined) return undefined;
  const { read } = context;
  const first = vpc.spec.isDefault ? defaultVpcOf(vpc.metadata.namespace, read) : undefined;
  const isDefault = first !== undefined && first.metadata.uid === vpc.metadata.uid;
  const subnets = isDefault ? await ensureDefaultSubnets(vpc, context, settings.region) : undefined;
  const ownerId = accountIdOfNamespace(vpc.metadata.namespace, read);
  const available = availableClaimFor(subnets, first, isDefault);
  return {
    status: {
      ...vpc.status,
      vpcId: ec2IdOf('vpc', vpc),
      ...(ownerId === undefined ? {} : { ownerId }),
      state: 'available',
      networkProvider: 'pod',
      ...(subnets === undefined ? {} : { defaultSubnetZones: subnets.zones }),
      observedGeneration: vpc.metadata.generation ?? 0,
      conditions: conditionsFrom(vpc, [available, addressClaimFor(vpc, read)], context),
    },
    events: vpc.status?.state === undefined ? [{ type: 'Normal', reason: 'Available', message: 'The VPC can be used.' }] : [],
  };
}

function conditionsFrom(vpc: Vpc, claims: readonly Claim[], { clock }: ReconcileContext): NonNullable<VpcStatus['conditions']> {
  const observedGeneration = vpc.metadata.generation ?? 0;
  return claims.reduce((list, claim) => setCondition(list, { ...claim, observedGeneration }, clock), vpc.status?.conditions ?? []);
}

function availableClaimFor(subnets: DefaultSubnets | undefined, first: Vpc | undefined, isDefault: boolean): Claim {
  const available = { type: VpcConditions.available, status: 'True' } as const;
  if (first !== undefined && !isDefault) {
    return { ...available, reason: 'NotTheDefault', message: `The VPC can be used, but Vpc ${first.metadata.name} is older and is the default one.` };
  }
  if (subnets !== undefined && subnets.withoutRoom.length > 0) {
    return { ...available, reason: 'NoRoomForSubnets', message: `The VPC can be used, but its block has no room for the default subnets of ${subnets.withoutRoom.join(', ')}.` };
  }
  return { ...available, reason: 'Available', message: 'The VPC can be used.' };
}
