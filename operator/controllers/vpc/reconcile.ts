import { ec2IdOf } from '../../api/ec2-id.ts';
import { DEFAULT_DHCP_OPTIONS, VPC_FINALIZER, VpcConditions, type VpcStatus } from '../../api/network/vpc.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Vpc } from '../../kubernetes/resources.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { holdWith, letGoOf } from '../finalizer.ts';
import type { NetworkProvider } from '../network-provider/provider.ts';
import { dhcpOptionsOf } from './dhcp-options-of.ts';
import { ensureDefaultSubnets, type DefaultSubnets } from './ensure-default-subnets.ts';
import { ensureParts } from './ensure-parts.ts';
import { defaultVpcOf, subnetsOf } from './find-vpc.ts';
import { partIdsOf } from './parts.ts';
import type { VpcSettings } from './settings.ts';

type Claim = Omit<ConditionClaim, 'observedGeneration'>;

/** Gives a VPC its id and what belongs to it; says what of it is not as on EC2. */
export async function reconcile(vpc: Vpc, context: ReconcileContext, settings: VpcSettings, provider: NetworkProvider): Promise<Outcome<VpcStatus> | undefined> {
  if (vpc.metadata.deletionTimestamp !== undefined) return end(vpc, context, provider);
  const { read, write } = context;
  await holdWith(Vpc, vpc, VPC_FINALIZER, write);
  const first = vpc.spec.isDefault ? defaultVpcOf(vpc.metadata.namespace, read) : undefined;
  const isDefault = first !== undefined && first.metadata.uid === vpc.metadata.uid;
  await provider.ensureVpc(vpc, context);
  await ensureParts(vpc, isDefault, context, settings.clusterDomain);
  const subnets = isDefault ? await ensureDefaultSubnets(vpc, context, settings.region) : undefined;
  const ownerId = accountIdOfNamespace(vpc.metadata.namespace, read);
  const ids = partIdsOf(vpc);
  const claims = [availableClaimFor(vpc, subnets, first, isDefault, read), ...provider.claimsFor(vpc, read)];
  return {
    status: {
      ...vpc.status,
      vpcId: ec2IdOf('vpc', vpc),
      ...(ownerId === undefined ? {} : { ownerId }),
      state: 'available',
      networkProvider: provider.name,
      mainRouteTableId: ids.routeTable,
      defaultNetworkAclId: ids.networkAcl,
      ...(isDefault ? { isInternetGatewayMade: true } : { defaultSecurityGroupId: ids.securityGroup }),
      ...(subnets === undefined ? {} : { defaultSubnetZones: subnets.zones }),
      observedGeneration: vpc.metadata.generation ?? 0,
      conditions: conditionsFrom(vpc, claims, context),
    },
    events: vpc.status?.state === undefined ? [{ type: 'Normal', reason: 'Available', message: 'The VPC can be used.' }] : [],
  };
}

/** A VPC stays for as long as subnets are in it: EC2 does not delete such a one at all. */
async function end(vpc: Vpc, context: ReconcileContext, provider: NetworkProvider): Promise<Outcome<VpcStatus> | undefined> {
  const subnets = subnetsOf(vpc, context.read);
  if (subnets.length === 0) {
    await provider.removeVpc(vpc, context);
    await letGoOf(Vpc, vpc, VPC_FINALIZER, context.write);
    return undefined;
  }
  const message = `It is deleted, but stays for as long as subnets are in it: ${subnets.map(({ metadata }) => metadata.name).slice(0, 20).join(', ')}.`;
  const claim = { type: VpcConditions.available, status: 'False', reason: 'InUse', message } as const;
  return { status: { ...vpc.status, conditions: conditionsFrom(vpc, [claim], context) } };
}

function conditionsFrom(vpc: Vpc, claims: readonly Claim[], { clock }: ReconcileContext): NonNullable<VpcStatus['conditions']> {
  const observedGeneration = vpc.metadata.generation ?? 0;
  return claims.reduce((list, claim) => setCondition(list, { ...claim, observedGeneration }, clock), vpc.status?.conditions ?? []);
}

function availableClaimFor(vpc: Vpc, subnets: DefaultSubnets | undefined, first: Vpc | undefined, isDefault: boolean, read: Read): Claim {
  const available = { type: VpcConditions.available, status: 'True' } as const;
  if (first !== undefined && !isDefault) {
    return { ...available, reason: 'NotTheDefault', message: `The VPC can be used, but Vpc ${first.metadata.name} is older and is the default one.` };
  }
  if (subnets !== undefined && subnets.withoutRoom.length > 0) {
    return { ...available, reason: 'NoRoomForSubnets', message: `The VPC can be used, but its block has no room for the default subnets of ${subnets.withoutRoom.join(', ')}.` };
  }
  const { dhcpOptionsId = DEFAULT_DHCP_OPTIONS } = vpc.spec;
  if (dhcpOptionsId !== DEFAULT_DHCP_OPTIONS && dhcpOptionsOf(vpc, read) === undefined) {
    return { ...available, reason: 'DhcpOptionsNotFound', message: `The VPC can be used, but DhcpOptions ${dhcpOptionsId} do not exist; guests are told of the cluster's DNS.` };
  }
  return { ...available, reason: 'Available', message: 'The VPC can be used.' };
}
