import { spawn } from 'node:child_process';
import { ensureGoTool } from '../../hack/tools/go-tools.ts';
import { ACCOUNT_ID_LABEL } from '../../operator/api/identity/account.ts';
import { INSTANCE_ID_LABEL } from '../../operator/api/compute/instance.ts';
import { ManagedPrefixListDefinition } from '../../operator/api/network/managed-prefix-list.ts';
import { SecurityGroupDefinition, securityGroupLabelOf, type SecurityGroupRule } from '../../operator/api/network/security-group.ts';
import type { KubernetesObject } from '../../operator/api/shared.ts';
import { vpcLabelOf } from '../../operator/api/network/vpc.ts';
import { baselinePolicyFor, networkPolicyFor } from '../../operator/controllers/security-group/network-policy.ts';
import { resolvedRules } from '../../operator/controllers/security-group/resolve-rules.ts';
import type { Read } from '../../operator/kubernetes/read.ts';
import type { NetworkPolicy, SecurityGroup } from '../../operator/kubernetes/resources.ts';
import type { ModelFlow, ModelHost, ModelRule, ModelWorld } from './ec2-traffic-model.ts';

/** What the engine is asked about one world. */
interface Question {
  namespaces: KubernetesObject[];
  pods: KubernetesObject[];
  policies: NetworkPolicy[];
  flows: { source: string; destination: string; protocol: string; destinationPort: number }[];
}

/** A world with its flows. */
export interface Case {
  world: ModelWorld;
  flows: ModelFlow[];
}

/** Account of each namespace of the worlds. */
export const accounts: Readonly<Record<string, string>> = { red: '111111111111', blue: '222222222222' };

/**
 * What passes by the engine that others wrote, under the policies that the operator makes of the worlds' groups: one process for all of them. Groups are
 * named by ids; those of `red` are of its account, `owner` says whose each is.
 */
export async function verdictsOf(cases: readonly Case[], ownerOf: (groupId: string) => string, vpcOf: (groupId: string) => string): Promise<boolean[][]> {
  const path = await ensureGoTool('network-policies', (line) => console.log(line));
  const questions = cases.map(({ world, flows }) => questionFor(world, flows, ownerOf, vpcOf));
  const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(questions));
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0) throw new Error(`the policy engine ended with ${String(code)}`);
  return JSON.parse(Buffer.concat(chunks).toString()) as boolean[][];
}

function questionFor(world: ModelWorld, flows: readonly ModelFlow[], ownerOf: (groupId: string) => string, vpcOf: (groupId: string) => string): Question {
  const namespaces = [...Object.keys(accounts), 'kube-system'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...(accounts[name] !== undefined && { [ACCOUNT_ID_LABEL]: accounts[name] }) } },
  }));
  const groups = Object.entries(world.groups).map(([id, { ingress, egress }]) => groupFor(id, ownerOf, ingress, egress));
  const lists = Object.entries(world.prefixLists).flatMap(([id, cidrs]) => Object.keys(accounts).map((namespace) => prefixListFor(id, namespace, cidrs)));
  const read = readOf([...namespaces, ...groups, ...lists]);
  const policies = groups.flatMap((group) => {
    const facts = { podCidrs: world.podCidrs, vpcId: vpcOf(group.metadata.name), doBlocksMatchPods: true };
    return [networkPolicyFor(group, resolvedRules(group, 'ingress', facts, read).rules, resolvedRules(group, 'egress', facts, read).rules)];
  });
  const baselines = Object.keys(accounts).map((namespace) => baselinePolicyFor({ ...(groups[0] as SecurityGroup), metadata: { name: 'x', namespace } }));
  return {
    namespaces,
    pods: world.hosts.filter(({ instance, isPod }) => instance !== undefined || isPod).map(podFor),
    policies: [...policies, ...baselines],
    flows: flows.map(({ source, destination, protocol, port }) => ({ source, destination, protocol, destinationPort: port })),
  };
}

function groupFor(id: string, ownerOf: (groupId: string) => string, ingress: readonly ModelRule[], egress: readonly ModelRule[]): SecurityGroup {
  const { apiVersion, kind, spec } = SecurityGroupDefinition;
  const owner = ownerOf(id);
  const ruleFor = ({ protocol, fromPort, toPort, peer }: ModelRule): SecurityGroupRule => ({
    ipProtocol: protocol,
    ...(fromPort !== undefined && { fromPort }),
    ...(toPort !== undefined && { toPort }),
    ...('cidr' in peer && (peer.cidr.includes(':') ? { cidrIpv6: peer.cidr } : { cidrIpv4: peer.cidr })),
    ...('prefixList' in peer && { prefixListId: peer.prefixList }),
    ...('group' in peer && { referencedGroup: { groupId: peer.group, ...(ownerOf(peer.group) !== owner && { userId: accounts[ownerOf(peer.group)] ?? '' }) } }),
  });
  return { apiVersion, kind, metadata: { name: id, namespace: owner, uid: id }, spec: spec.parse({ ingress: ingress.map(ruleFor), egress: egress.map(ruleFor) }) };
}

function prefixListFor(id: string, namespace: string, cidrs: readonly string[]): KubernetesObject {
  const { apiVersion, kind, spec } = ManagedPrefixListDefinition;
  return { apiVersion, kind, metadata: { name: id, namespace, uid: `${namespace}/${id}` }, spec: spec.parse({ entries: cidrs.map((cidr) => ({ cidr })) }) } as KubernetesObject;
}

function podFor({ name, addresses, instance, isResolver }: ModelHost): KubernetesObject {
  const memberships = instance?.groups.map((group) => [securityGroupLabelOf(group), '']) ?? [];
  const labels = instance
    ? { [INSTANCE_ID_LABEL]: name, [vpcLabelOf(instance.vpc)]: '', ...(Object.fromEntries(memberships) as Record<string, string>) }
    : { ...(isResolver && { 'k8s-app': 'kube-dns' }) };
  const metadata = { name, namespace: instance?.account ?? 'kube-system', labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { podIPs: addresses.map((ip) => ({ ip })) } } as KubernetesObject;
}

/** Caches over a few objects; FakeCluster would check and freeze thousands of them for nothing. */
function readOf(objects: readonly KubernetesObject[]): Read {
  const ofKind = (kind: string, namespace?: string): KubernetesObject[] =>
    objects.filter((object) => object.kind === kind && (namespace === undefined || object.metadata?.namespace === namespace));
  return {
    get: (type, { namespace, name }) => ofKind(type.kind, namespace).find(({ metadata }) => metadata?.name === name) as never,
    list: (type, namespace) => ofKind(type.kind, namespace) as never[],
    byIndex: (index, value) => (ofKind(index.type.kind) as never[]).filter((object) => index.keys(object).includes(value)),
  };
}
