import * as sdk from '@aws-sdk/client-auto-scaling';
import type { Membership } from '../../operator/api/auto-scaling/auto-scaling-membership.ts';
import { AutoScalingGroupDefinition, type AutoScalingGroupSpec, type AutoScalingGroupStatus } from '../../operator/api/auto-scaling/auto-scaling-group.ts';
import { LaunchTemplateDefinition } from '../../operator/api/compute/launch-template.ts';
import type { InstanceStatus } from '../../operator/api/compute/instance.ts';
import { autoScalingOperations } from '../../operator/endpoint/autoscaling/operations.ts';
import type { OperationContext, OperationTable } from '../../operator/endpoint/operation.ts';
import { AutoScalingGroup, Instance } from '../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, theAccount } from './cluster-objects.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeCluster } from './fake-cluster.ts';
import { anInstance } from './instance-objects.ts';
import { NAMESPACE, operationContext } from './operation-context.ts';
import { ResponseChecker } from './response-violations.ts';

/** Image that the launch templates name. */
export const AMI = 'ami-00000000000000001';
/** Id of the launch template `web`. */
export const TEMPLATE_ID = 'lt-00000000000000001';

const checker = new ResponseChecker('@aws-sdk/client-auto-scaling', sdk);

/** A group as the API made it. */
export function aGroup(name: string, spec: Partial<AutoScalingGroupSpec> = {}, status: AutoScalingGroupStatus = {}): AutoScalingGroup {
  const { apiVersion, kind } = AutoScalingGroupDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z', generation: 1, finalizers: ['kube-ec2.io/instances'] },
    spec: AutoScalingGroupDefinition.spec.parse({ minSize: 0, maxSize: 5, desiredCapacity: 2, launchTemplate: { launchTemplate: TEMPLATE_ID }, ...spec }),
    status,
  };
}

/** A member of the group `web` in service, or as the test says. */
export function aMember(number: number, membership: Partial<Membership> = {}, status: InstanceStatus = {}): Instance {
  const autoScaling = { groupName: 'web', groupUid: 'uid-web', ordinal: number, launchTemplateId: TEMPLATE_ID, launchTemplateName: 'web', launchTemplateVersion: '1', ...membership };
  const times = { launchTime: '2026-01-01T00:00:10Z', stateTransitionTime: '2026-01-01T00:00:10Z', hasBooted: true, availabilityZone: 'us-east-1a' };
  return anInstance(memberId(number), { imageId: AMI, autoScaling, placement: { availabilityZone: 'us-east-1a', tenancy: 'default' }, status: { ...times, ...status } });
}

/** Id of that member. */
export function memberId(number: number): string {
  return `i-${String(number).padStart(17, '0')}`;
}

/** Auto Scaling in memory: its operations by their wire names, answers checked against the model. */
export interface AutoScalingCloud {
  cluster: FakeCluster;
  clock: FakeClock;
  context: OperationContext;
  call(operation: string, input?: object): Promise<Record<string, unknown>>;
  /** Code and message of the refusal; fails if there is none. */
  refusal(operation: string, input?: object): Promise<string>;
  group(name?: string): AutoScalingGroup;
  instance(number: number): Instance;
}

/** Makes such a cloud with two zones, the launch template `web`, and what the test adds. */
export function autoScalingCloud(...more: (AutoScalingGroup | Instance)[]): AutoScalingCloud {
  const clock = new FakeClock('2026-01-01T01:00:00Z');
  const template = {
    apiVersion: LaunchTemplateDefinition.apiVersion,
    kind: LaunchTemplateDefinition.kind,
    metadata: { name: TEMPLATE_ID, namespace: NAMESPACE, uid: 'uid-lt', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: LaunchTemplateDefinition.spec.parse({
      launchTemplateName: 'web',
      versions: [
        { versionNumber: 1, launchTemplateData: { imageId: AMI, instanceType: 't3.micro' } },
        { versionNumber: 2, launchTemplateData: { imageId: 'ami-00000000000000009', instanceType: 't3.micro' } },
      ],
    }),
  };
  const nodes = [aNode('a', { zone: 'us-east-1a' }), aNode('b', { zone: 'us-east-1b' })];
  const cluster = new FakeCluster({ clock, objects: [theAccount(), anAmi(AMI), anInstanceType('t3.micro'), anInstanceType('t3.small'), ...nodes, template, ...more] });
  const context = operationContext(cluster, { clock });
  const table: OperationTable = autoScalingOperations;
  const run = async (operation: string, input: object): Promise<unknown> => {
    const row = table[operation];
    if (row === undefined) throw new Error(`${operation} is not implemented`);
    return row.run(input as never, context);
  };
  return {
    cluster,
    clock,
    context,
    call: async (operation, input = {}) => {
      const answer = ((await run(operation, input)) ?? {}) as Record<string, unknown>;
      const violations = checker.violations(operation, answer);
      if (violations.length > 0) throw new Error(violations.join('\n'));
      return answer;
    },
    refusal: async (operation, input = {}) => {
      try {
        await run(operation, input);
      } catch (error) {
        return `${(error as { code?: string }).code ?? 'no code'}: ${error instanceof Error ? error.message : ''}`;
      }
      throw new Error(`${operation} was not refused`);
    },
    group: (name = 'web') => {
      const found = cluster.get(AutoScalingGroup, { namespace: NAMESPACE, name });
      if (found === undefined) throw new Error(`no group ${name}`);
      return found;
    },
    instance: (number) => {
      const found = cluster.get(Instance, { namespace: NAMESPACE, name: memberId(number) });
      if (found === undefined) throw new Error(`no instance ${String(number)}`);
      return found;
    },
  };
}
