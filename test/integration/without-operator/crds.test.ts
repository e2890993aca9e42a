import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import type { ControlPlane } from '../../../hack/control-plane/control-plane.ts';
import { KubernetesError, type AnyObject } from '../../../hack/control-plane/kubernetes-client.ts';
import { customResourceDefinitions } from '../../../operator/api/index.ts';
import { newNamespace, sharedControlPlane } from '../../support/control-plane.ts';
import { install } from '../../support/install.ts';
import { openForEachTry } from '../../support/tries.ts';
import { badManifests, changesOfManifests, type BadManifest, type Change } from './bad-manifests.ts';

const GROUP = '/apis/kube-ec2.io/v1alpha1';

/** What the API server answers to a strict create: the object, or the text of its refusal. */
type Answer = { object: AnyObject } | { refusal: string };

// In the folder without-operator: the statuses that these tests write must stay as they are. mocha runs that folder first.
describe('the custom resource definitions', () => {
  let plane: ControlPlane;
  let namespace: string;

  before(async () => {
    plane = await sharedControlPlane();
    await install(plane);
  });
  openForEachTry(async () => {
    namespace = await newNamespace(plane, 'crds');
  });

  const collectionOf = (kind: string): string => {
    const definition = customResourceDefinitions.find((candidate) => candidate.kind === kind);
    assert.ok(definition, kind);
    return definition.namespaced ? `${GROUP}/namespaces/${namespace}/${definition.plural}` : `${GROUP}/${definition.plural}`;
  };

  const create = async (kind: string, spec: unknown, name?: string): Promise<AnyObject> =>
    plane.client.create(`${collectionOf(kind)}?fieldValidation=Strict`, {
      apiVersion: 'kube-ec2.io/v1alpha1',
      kind,
      metadata: name === undefined ? { generateName: 'test-' } : { name },
      spec,
    });

  const answerTo = async (request: Promise<AnyObject>): Promise<Answer> =>
    request.then(
      (object) => ({ object }),
      (error: unknown) => {
        if (error instanceof KubernetesError && error.code < 500) return { refusal: error.message };
        throw error;
      },
    );

  const change = async (kind: string, object: AnyObject, spec: unknown): Promise<Answer> =>
    answerTo(plane.client.patch(`${collectionOf(kind)}/${String(object.metadata.name)}?fieldValidation=Strict`, 'merge', { spec }));

  describe('are accepted and served', () => {
    for (const { kind, plural, shortNames } of customResourceDefinitions) {
      it(kind, async () => {
        const crd = await plane.client.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.kube-ec2.io`);
        const status = crd['status'] as { conditions: { type: string; status: string; message: string }[]; acceptedNames: { shortNames?: string[] } };
        const conditions = Object.fromEntries(status.conditions.map((condition) => [condition.type, condition.status]));
        assert.deepEqual(
          { established: conditions['Established'], accepted: conditions['NamesAccepted'], notStructural: conditions['NonStructuralSchema'] },
          { established: 'True', accepted: 'True', notStructural: undefined },
        );
        assert.deepEqual(status.acceptedNames.shortNames ?? [], shortNames);
      });
    }
  });

  const instance = { imageId: 'debian-12', instanceType: 't3.micro' };
  const ami = { source: { containerDisk: { image: 'containerdisks/debian:12' } } };
  const group = { minSize: 1, maxSize: 3, launchTemplate: { launchTemplate: 'web' } };
  const template = { versions: [{ versionNumber: 1, launchTemplateData: {} }] };
  const rule = { ipProtocol: 'tcp', fromPort: 80, toPort: 80, cidrIpv4: '0.0.0.0/0' };

  const alarm = { namespace: 'App', metricName: 'Load', statistic: 'Average', period: 60, evaluationPeriods: 1, threshold: 1, comparisonOperator: 'GreaterThanThreshold' };

  const refused: Record<string, BadManifest> = {
    ...badManifests,
    'an Instance without an AMI': { kind: 'Instance', spec: { instanceType: 't3.micro' }, want: ['spec.imageId: Required value'] },
    'an instance type without a size': {
      kind: 'Instance',
      spec: { ...instance, instanceType: 't3' },
      want: ['spec.instanceType: Invalid value: "t3": instanceType must look like t3.micro'],
    },
    'a field that does not exist': { kind: 'Instance', spec: { ...instance, imageID: 'ami' }, want: ['unknown field "spec.imageID"'] },
    'a power state that does not exist': {
      kind: 'Instance',
      spec: { ...instance, powerState: 'off' },
      want: ['spec.powerState: Unsupported value: "off": supported values: "running", "stopped", "terminated"'],
    },
    'a host name that is no DNS label': {
      kind: 'Instance',
      spec: { ...instance, hostname: 'Web_1' },
      want: ['spec.hostname: Invalid value: "Web_1": hostname must be one DNS label: lower-case letters, digits and dashes, up to 63'],
    },
    'user data twice': {
      kind: 'Instance',
      spec: { ...instance, userData: 'a', userDataSecretRef: { name: 'b' } },
      want: ['spec.userData: Invalid value: ', 'set userData or userDataSecretRef, not both'],
    },
    'user data beyond 16 KB of characters': {
      kind: 'Instance',
      spec: { ...instance, userData: 'x'.repeat(16385) },
      want: ['spec.userData: Too long: may not be more than 16384'],
    },
    'user data beyond 16 KB of bytes': {
      kind: 'Instance',
      spec: { ...instance, userData: 'ä'.repeat(8193) },
      want: ['spec.userData: Invalid value: ', 'userData may have 16384 bytes (16 KB) at most'],
    },
    'two tags with one key': {
      kind: 'Instance',
      spec: { ...instance, tags: [{ key: 'a' }, { key: 'a' }] },
      want: ['spec.tags[1]: Duplicate value: {"key":"a"}'],
    },
    'a device with two sources': {
      kind: 'Instance',
      spec: { ...instance, blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: {}, noDevice: true }] },
      want: ['spec.blockDeviceMappings[0]: Invalid value: ', 'set exactly one of ebs, virtualName and noDevice: true'],
    },
    'a device without a name that a guest could have': {
      kind: 'Instance',
      spec: { ...instance, blockDeviceMappings: [{ deviceName: 'disk1', ebs: {} }] },
      want: ['spec.blockDeviceMappings[0].deviceName: Invalid value: "disk1": deviceName must look like /dev/xvda, /dev/sdf or xvdb'],
    },
    'a volume of no size': {
      kind: 'Instance',
      spec: { ...instance, blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { volumeSize: 0 } }] },
      want: ['spec.blockDeviceMappings[0].ebs.volumeSize: Invalid value: 0', 'should be greater than or equal to 1'],
    },
    'an AMI without a source': { kind: 'Ami', spec: {}, want: ['spec.source: Required value'] },
    'an AMI with two sources': {
      kind: 'Ami',
      spec: { source: { ...ami.source, volumeSnapshot: { name: 'a' } } },
      want: ['spec.source: Invalid value: ', 'set exactly one of containerDisk, persistentVolumeClaim, volumeSnapshot, snapshot, instance, http, s3, registry and upload'],
    },
    'an AMI that names accounts wrongly': {
      kind: 'Ami',
      spec: { ...ami, launchPermissionAccountIds: ['12345678901'] },
      want: ['spec.launchPermissionAccountIds[0]: Invalid value: "12345678901": an account id has 12 digits'],
    },
    'an account id of 11 digits': {
      kind: 'Account',
      spec: { accountId: '12345678901' },
      want: ['spec.accountId: Invalid value: "12345678901": accountId must be 12 digits, in quotes'],
    },
    'an account id without quotes': { kind: 'Account', spec: { accountId: 123456789012 }, want: ['spec.accountId: Invalid value: "integer"', 'must be of type string'] },
    'a key pair without a key': { kind: 'KeyPair', spec: {}, want: ['spec.publicKeyMaterial: Required value'] },
    'a rule without another side': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ipProtocol: '-1' }] },
      want: ['spec.ingress[0]: Invalid value: ', 'set exactly one of cidrIpv4, cidrIpv6, prefixListId and referencedGroup'],
    },
    'a tcp rule without ports': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ipProtocol: 'tcp', cidrIpv4: '0.0.0.0/0' }] },
      want: ['spec.ingress[0]: Invalid value: ', 'tcp and udp need fromPort and toPort, from 0 to 65535 and in this order'],
    },
    'ports in the wrong order': {
      kind: 'SecurityGroup',
      spec: { egress: [{ ...rule, fromPort: 81 }] },
      want: ['spec.egress[0]: Invalid value: ', 'tcp and udp need fromPort and toPort, from 0 to 65535 and in this order'],
    },
    'ports for all protocols': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ...rule, ipProtocol: '-1' }] },
      want: ['spec.ingress[0]: Invalid value: ', 'fromPort and toPort are for tcp, udp, icmp and icmpv6 only'],
    },
    'a protocol that does not exist': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ipProtocol: '256', cidrIpv4: '0.0.0.0/0' }] },
      want: ['spec.ingress[0].ipProtocol: Invalid value: "256": ipProtocol must be tcp, udp, icmp, icmpv6, a protocol number from 0 to 255, or -1 for all'],
    },
    'an address with too long a prefix': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ...rule, cidrIpv4: '10.0.0.0/33' }] },
      want: ['spec.ingress[0].cidrIpv4: Invalid value: "10.0.0.0/33": must be an IPv4 CIDR such as 10.0.0.0/16'],
    },
    'an IPv4 address in the field for IPv6': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ipProtocol: '-1', cidrIpv6: '10.0.0.0/8' }] },
      want: ['spec.ingress[0].cidrIpv6: Invalid value: "10.0.0.0/8": must be an IPv6 CIDR such as fd00::/8'],
    },
    'a rule with an id that is none': {
      kind: 'SecurityGroup',
      spec: { ingress: [{ ...rule, ruleId: 'sgr-1' }] },
      want: ['spec.ingress[0].ruleId: Invalid value: "sgr-1": ruleId must be sgr- and 17 hexadecimal digits'],
    },
    'a prefix list with more entries than it may have': {
      kind: 'ManagedPrefixList',
      spec: { maxEntries: 1, entries: [{ cidr: '10.0.0.0/8' }, { cidr: '11.0.0.0/8' }] },
      want: ['spec.entries: Invalid value: ', 'there are more entries than maxEntries'],
    },
    'a prefix list with what is no block': {
      kind: 'ManagedPrefixList',
      spec: { entries: [{ cidr: '10.0.0.1' }] },
      want: ['spec.entries[0].cidr: Invalid value: "10.0.0.1": must be a block such as 10.0.0.0/16 or fd00::/8'],
    },
    'a group that must be larger than it may be': {
      kind: 'AutoScalingGroup',
      spec: { ...group, minSize: 4 },
      want: ['spec.minSize: Invalid value: minSize must not be greater than maxSize'],
    },
    'a template version that does not exist in EC2': {
      kind: 'AutoScalingGroup',
      spec: { ...group, launchTemplate: { launchTemplate: 'web', version: 'latest' } },
      want: ['spec.launchTemplate.version: Invalid value: "latest": version must be a number, $Latest or $Default'],
    },
    'a group without anything to launch from': {
      kind: 'AutoScalingGroup',
      spec: { minSize: 1, maxSize: 1 },
      want: ['set exactly one of launchTemplate, mixedInstancesPolicy and launchConfigurationName'],
    },
    'a group that wants Spot Instances': {
      kind: 'AutoScalingGroup',
      spec: {
        minSize: 1,
        maxSize: 1,
        mixedInstancesPolicy: { launchTemplate: { launchTemplate: 'web' }, instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 } },
      },
      want: ['onDemandPercentageAboveBaseCapacity must be 100: there are no Spot Instances'],
    },
    'a lifetime of an hour': { kind: 'AutoScalingGroup', spec: { ...group, maxInstanceLifetime: 3600 }, want: ['maxInstanceLifetime must be 0 or between 86400 (a day) and 31536000'] },
    'a termination policy that does not exist': {
      kind: 'AutoScalingGroup',
      spec: { ...group, terminationPolicies: ['Random'] },
      want: ['spec.terminationPolicies[0]: Unsupported value: "Random"'],
    },
    'an elastic IP for two': {
      kind: 'ElasticIp',
      spec: { association: { instanceId: 'web', networkInterfaceId: 'db' } },
      want: ['spec.association: Invalid value: ', 'set exactly one of instanceId, networkInterfaceId and natGatewayId'],
    },
    'an elastic IP that is none': { kind: 'ElasticIp', spec: { address: 'fd00::1' }, want: ['spec.address: Invalid value: "fd00::1": must be an IPv4 address such as 203.0.113.10'] },
    'groups beside the interface that has them': {
      kind: 'Instance',
      spec: { ...instance, securityGroupIds: ['web'], networkInterface: { networkInterfaceId: 'db' } },
      want: ['security groups of a NetworkInterface are its own; set them there'],
    },
    'tags beside the interface that has them': {
      kind: 'Instance',
      spec: { ...instance, networkInterface: { networkInterfaceId: 'db', tags: [{ key: 'a' }] } },
      want: ['description and tags of a NetworkInterface are its own; set them there'],
    },
    'the own interface kept': {
      kind: 'Instance',
      spec: { ...instance, networkInterface: { deleteOnTermination: false } },
      want: ['spec.networkInterface.deleteOnTermination: Invalid value: ', 'the own interface of an instance goes with it'],
    },
    'a template without versions': { kind: 'LaunchTemplate', spec: { versions: [] }, want: ['spec.versions: Invalid value: 0: ', 'should have at least 1 items'] },
    'a default version that is none': {
      kind: 'LaunchTemplate',
      spec: { ...template, defaultVersion: 2 },
      want: ['spec.defaultVersion: Invalid value: defaultVersion must be the versionNumber of one of versions'],
    },
    'an alarm with two statistics': { kind: 'MetricAlarm', spec: { ...alarm, extendedStatistic: 'p99' }, want: ['set either statistic or extendedStatistic'] },
    'an alarm of 90 seconds': { kind: 'MetricAlarm', spec: { ...alarm, period: 90 }, want: ['period must be 10, 20, 30 or a multiple of 60'] },
    'an alarm on more datapoints than periods': { kind: 'MetricAlarm', spec: { ...alarm, datapointsToAlarm: 2 }, want: ['datapointsToAlarm must not be greater than evaluationPeriods'] },
    'an alarm over more than a day': { kind: 'MetricAlarm', spec: { ...alarm, evaluationPeriods: 2000 }, want: ['period times evaluationPeriods must not exceed a day'] },
    'an alarm on a metric and on metrics': { kind: 'MetricAlarm', spec: { ...alarm, metrics: [{ id: 'a', expression: 'b' }] }, want: ['set either metricName or metrics'] },
    'an alarm on two results': {
      kind: 'MetricAlarm',
      spec: { evaluationPeriods: 1, threshold: 1, comparisonOperator: 'LessThanThreshold', metrics: [{ id: 'a', expression: 'b' }, { id: 'b', expression: 'a' }] },
      want: ['exactly one of the metrics must have returnData'],
    },
    'an alarm on neither metric nor expression': {
      kind: 'MetricAlarm',
      spec: { evaluationPeriods: 1, threshold: 1, comparisonOperator: 'LessThanThreshold', metrics: [{ id: 'a' }] },
      want: ['set either expression or metricStat'],
    },
    'a policy on half a metric': {
      kind: 'ScalingPolicy',
      spec: { autoScalingGroup: 'web', policyType: 'TargetTrackingScaling', targetTracking: { targetValue: 1, customizedMetric: { metricName: 'Load' } } },
      want: ['namespace and statistic go with metricName'],
    },
    'a simple policy with steps': {
      kind: 'ScalingPolicy',
      spec: { autoScalingGroup: 'web', policyType: 'SimpleScaling', adjustmentType: 'ChangeInCapacity', scalingAdjustment: 1, stepAdjustments: [{ scalingAdjustment: 1 }] },
      want: ['stepAdjustments is required for the policyType StepScaling, and for no other'],
    },
    'a policy with two metrics': {
      kind: 'ScalingPolicy',
      spec: { autoScalingGroup: 'web', policyType: 'TargetTrackingScaling', targetTracking: { targetValue: 1 } },
      want: ['set either predefinedMetricType or customizedMetric'],
    },
    'a scheduled action without a time': { kind: 'ScheduledAction', spec: { autoScalingGroup: 'web', desiredCapacity: 1 }, want: ['set startTime, recurrence or both'] },
    'a scheduled action that changes nothing': { kind: 'ScheduledAction', spec: { autoScalingGroup: 'web', recurrence: '0 8 * * *' }, want: ['set at least one of minSize, maxSize and desiredCapacity'] },
    'a topic that leads to a file': { kind: 'NotificationTopic', spec: { webhook: { url: 'file:///etc/passwd' } }, want: ['url must begin with https://', 'spec.webhook.url'] },
    'a topic without a place to send to': { kind: 'NotificationTopic', spec: {}, want: ['spec.webhook: Required value'] },
    'a target group on port 0': { kind: 'TargetGroup', spec: { port: 0 }, want: ['spec.port: Invalid value: 0'] },
  };
  describe('refuse, naming the field and what is right,', () => {
    for (const [name, { kind, name: objectName, spec, want }] of Object.entries(refused)) {
      it(name, async () => {
        const answer = await answerTo(create(kind, spec, objectName));
        assert.ok('refusal' in answer, 'it was accepted');
        for (const fragment of want) assert.ok(answer.refusal.includes(fragment), `${answer.refusal}\ndoes not say: ${fragment}`);
      });
    }
  });

  const changes: Record<string, Change> = {
    ...changesOfManifests,
    'the AMI of an Instance': { kind: 'Instance', before: instance, change: { imageId: 'other' }, want: 'spec.imageId: Invalid value: "other": imageId cannot be changed' },
    'the key of an Instance': { kind: 'Instance', before: { ...instance, keyName: 'a' }, change: { keyName: 'b' }, want: 'spec.keyName: Invalid value: "b": keyName cannot be changed' },
    'no key into a key': { kind: 'Instance', before: instance, change: { keyName: 'b' }, want: 'keyName cannot be added or removed' },
    'no host name into one': { kind: 'Instance', before: instance, change: { hostname: 'web' }, want: 'hostname cannot be added or removed' },
    'devices of an Instance away': {
      kind: 'Instance',
      before: { ...instance, blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: {} }] },
      change: { blockDeviceMappings: null },
      want: 'blockDeviceMappings cannot be added or removed',
    },
    'the message of a Notification': {
      kind: 'Notification',
      before: { topic: 'hook', subject: 'a test', message: '{}' },
      change: { message: '{"a":1}' },
      want: 'a Notification cannot be changed',
    },
    'the name of a topic': { kind: 'NotificationTopic', before: { topicName: 'a', webhook: { url: 'https://hooks.example.com/' } }, change: { topicName: 'b' }, want: 'topicName cannot be changed' },
    'a terminated Instance back': { kind: 'Instance', before: { ...instance, powerState: 'terminated' }, change: { powerState: 'running' }, want: 'a terminated instance cannot be started again' },
    'a protected Instance to terminated': {
      kind: 'Instance',
      before: { ...instance, disableApiTermination: true },
      change: { powerState: 'terminated' },
      want: 'spec.powerState: Forbidden: the instance is protected from termination; set disableApiTermination to false first',
    },
    'a protected Instance to terminated, the protection at the same time': {
      kind: 'Instance',
      before: { ...instance, disableApiTermination: true },
      change: { powerState: 'terminated', disableApiTermination: false },
      want: 'the instance is protected from termination',
    },
    'a stop-protected Instance to stopped': {
      kind: 'Instance',
      before: { ...instance, disableApiStop: true },
      change: { powerState: 'stopped' },
      want: 'spec.powerState: Forbidden: the instance is protected from being stopped; set disableApiStop to false first',
    },
    'the source of an AMI': { kind: 'Ami', before: ami, change: { source: { containerDisk: { image: 'b' } } }, want: 'the source of an AMI cannot be changed; make a new Ami' },
    'an account id': { kind: 'Account', before: { accountId: '111111111111' }, change: { accountId: '222222222222' }, want: 'accountId cannot be changed' },
    'a public key': { kind: 'KeyPair', before: { publicKeyMaterial: 'ssh-ed25519 AAAA' }, change: { publicKeyMaterial: 'ssh-ed25519 BBBB' }, want: 'publicKeyMaterial cannot be changed' },
    'the description of a group': { kind: 'SecurityGroup', before: {}, change: { description: 'b' }, want: 'description cannot be changed' },
    'the VPC of a group': { kind: 'SecurityGroup', before: { vpcId: 'a' }, change: { vpcId: 'b' }, want: 'vpcId cannot be changed' },
    'the name of a group away': { kind: 'SecurityGroup', before: { groupName: 'a' }, change: { groupName: null }, want: 'groupName cannot be added or removed' },
    'a version of a template': {
      kind: 'LaunchTemplate',
      before: template,
      change: { versions: [{ versionNumber: 1, launchTemplateData: { keyName: 'a' } }] },
      want: 'spec.versions[0]: Invalid value: ',
    },
    'the address of an elastic IP': { kind: 'ElasticIp', before: { address: '203.0.113.1' }, change: { address: '203.0.113.2' }, want: 'address cannot be changed' },
    'no address of an elastic IP into one': { kind: 'ElasticIp', before: {}, change: { address: '203.0.113.2' }, want: 'address cannot be added or removed' },
    'the subnet of an interface': { kind: 'NetworkInterface', before: { subnetId: 'a' }, change: { subnetId: 'b' }, want: 'subnetId cannot be changed' },
    'the interface of an Instance': {
      kind: 'Instance',
      before: { ...instance, networkInterface: { networkInterfaceId: 'a' } },
      change: { networkInterface: { networkInterfaceId: 'b' } },
      want: 'networkInterfaceId cannot be changed',
    },
    'an interface into an Instance': { kind: 'Instance', before: instance, change: { networkInterface: { networkInterfaceId: 'b' } }, want: 'networkInterfaceId cannot be added or removed' },
    'an interface out of an Instance': {
      kind: 'Instance',
      before: { ...instance, networkInterface: { networkInterfaceId: 'a' } },
      change: { networkInterface: null },
      want: 'networkInterfaceId cannot be added or removed',
    },
    'the association of an elastic IP (allowed)': { kind: 'ElasticIp', before: { association: { instanceId: 'a' } }, change: { association: { instanceId: 'b' } }, want: undefined },
    'tags of the own interface (allowed)': { kind: 'Instance', before: instance, change: { networkInterface: { tags: [{ key: 'a' }] } }, want: undefined },
    'the type of an Instance (allowed)': { kind: 'Instance', before: instance, change: { instanceType: 'm5.large' }, want: undefined },
    'the power state (allowed)': { kind: 'Instance', before: instance, change: { powerState: 'stopped' }, want: undefined },
    'rules of a group (allowed)': { kind: 'SecurityGroup', before: {}, change: { ingress: [rule] }, want: undefined },
    'a new version (allowed)': {
      kind: 'LaunchTemplate',
      before: template,
      change: { defaultVersion: 2, versions: [...template.versions, { versionNumber: 2, launchTemplateData: { keyName: 'a' } }] },
      want: undefined,
    },
    'the port of a target group': { kind: 'TargetGroup', before: { port: 80 }, change: { port: 81 }, want: 'port cannot be changed; make a new TargetGroup' },
    'the targets of a target group': { kind: 'TargetGroup', before: { port: 80 }, change: { targets: [{ id: 'i-1' }] }, want: undefined },
    'the group of a policy': {
      kind: 'ScalingPolicy',
      before: { autoScalingGroup: 'web', policyType: 'SimpleScaling', adjustmentType: 'ExactCapacity', scalingAdjustment: 1 },
      change: { autoScalingGroup: 'db' },
      want: 'autoScalingGroup cannot be changed; make a new ScalingPolicy',
    },
    'the threshold of an alarm': { kind: 'MetricAlarm', before: alarm, change: { threshold: 2 }, want: undefined },
  };
  describe('judge a change of', () => {
    for (const [name, { kind, before, change: spec, want }] of Object.entries(changes)) {
      it(name, async () => {
        const object = await create(kind, before);
        const answer = await change(kind, object, spec);
        if (want === undefined) assert.deepEqual('refusal' in answer ? answer.refusal : undefined, undefined);
        else assert.ok('refusal' in answer && answer.refusal.includes(want), JSON.stringify(answer));
      });
    }
  });

  const defaults: Record<string, { kind: string; spec: unknown; want: unknown }> = {
    'an Instance': {
      kind: 'Instance',
      spec: instance,
      want: {
        ...instance,
        disableApiStop: false,
        disableApiTermination: false,
        ebsOptimized: false,
        instanceInitiatedShutdownBehavior: 'stop',
        metadataOptions: { httpEndpoint: 'enabled', httpProtocolIpv6: 'disabled', httpPutResponseHopLimit: 2, httpTokens: 'required', instanceMetadataTags: 'disabled' },
        monitoring: false,
        placement: { tenancy: 'default' },
        powerState: 'running',
        sourceDestCheck: true,
      },
    },
    'an Ami': {
      kind: 'Ami',
      spec: ami,
      want: {
        ...ami,
        architecture: 'x86_64',
        bootMode: 'legacy-bios',
        deregistrationProtection: 'disabled',
        disabled: false,
        enaSupport: false,
        guestAgent: false,
        public: false,
        rootDeviceName: '/dev/xvda',
        rootVolumeSize: 8,
        secureBoot: false,
        userDataFormat: 'cloud-init',
      },
    },
    'a SecurityGroup, which sends everything and receives nothing': {
      kind: 'SecurityGroup',
      spec: {},
      want: { description: '', ingress: [], egress: [{ ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }] },
    },
    'a SecurityGroup that sends nothing': { kind: 'SecurityGroup', spec: { egress: [] }, want: { description: '', ingress: [], egress: [] } },
    'an AutoScalingGroup': {
      kind: 'AutoScalingGroup',
      spec: group,
      want: {
        ...group,
        launchTemplate: { launchTemplate: 'web', version: '$Default' },
        defaultCooldown: 300,
        healthCheckGracePeriod: 0,
        newInstancesProtectedFromScaleIn: false,
        terminationPolicies: ['Default'],
        zoneDistribution: 'balanced-best-effort',
        healthCheckType: 'EC2',
        deletionProtection: 'none',
      },
    },
    'a LaunchTemplate': { kind: 'LaunchTemplate', spec: template, want: { ...template, defaultVersion: 1 } },
    MetricAlarm: { kind: 'MetricAlarm', spec: alarm, want: { ...alarm, actionsEnabled: true, treatMissingData: 'missing' } },
    TargetGroup: {
      kind: 'TargetGroup',
      spec: { port: 80 },
      want: {
        port: 80,
        protocol: 'HTTP',
        targetType: 'instance',
        healthCheck: { enabled: true, protocol: 'HTTP', port: 'traffic-port', path: '/', intervalSeconds: 30, timeoutSeconds: 5, healthyThresholdCount: 5, unhealthyThresholdCount: 2, matcher: '200' },
      },
    },
  };
  describe('fill in the defaults of', () => {
    for (const [name, { kind, spec, want }] of Object.entries(defaults)) {
      it(name, async () => {
        assert.deepEqual((await create(kind, spec))['spec'], want);
        // Unit tests fill objects in by the zod schema: it must do as the API server does.
        assert.deepEqual(customResourceDefinitions.find((definition) => definition.kind === kind)?.spec.parse(spec), want);
      });
    }

    it('an empty tag value', async () => {
      const { spec } = await create('KeyPair', { publicKeyMaterial: 'ssh-ed25519 AAAA', tags: [{ key: 'a' }] });
      assert.deepEqual((spec as { tags: unknown }).tags, [{ key: 'a', value: '' }]);
    });
  });

  it('let an AutoScalingGroup be scaled, and give a HorizontalPodAutoscaler its selector', async () => {
    const { metadata } = await create('AutoScalingGroup', { ...group, desiredCapacity: 1 });
    const path = `${collectionOf('AutoScalingGroup')}/${String(metadata.name)}`;
    await plane.client.patch(`${path}/status`, 'merge', { status: { replicas: 1, selector: 'kube-ec2.io/group=web' } });
    const scale = await plane.client.patch(`${path}/scale`, 'merge', { spec: { replicas: 3 } });
    assert.deepEqual([scale['spec'], scale['status']], [{ replicas: 3 }, { replicas: 1, selector: 'kube-ec2.io/group=web' }]);
    assert.equal(((await plane.client.get(path))['spec'] as { desiredCapacity: number }).desiredCapacity, 3);
  });

  it('keep the status out of reach of a write to the spec', async () => {
    const created = await plane.client.create(collectionOf('Instance'), {
      apiVersion: 'kube-ec2.io/v1alpha1',
      kind: 'Instance',
      metadata: { generateName: 'test-' },
      spec: instance,
      status: { state: 'running' },
    });
    assert.equal(created['status'], undefined);
  });

  it('show in kubectl get what EC2 users look for', async () => {
    const { metadata } = await create('Instance', instance, 'shown');
    const path = `${collectionOf('Instance')}/shown`;
    const status = { instanceId: 'i-0123456789abcdef0', state: 'running', availabilityZone: 'us-east-1a', privateIpAddress: '10.244.0.7', publicIpAddress: '203.0.113.7' };
    assert.ok(metadata.uid);
    await plane.client.patch(`${path}/status`, 'merge', { status });
    const table = await tableOf(plane, path);
    const cells = Object.fromEntries(table.columnDefinitions.flatMap(({ name, priority }, index) => (priority === 0 ? [[name, table.rows[0]?.cells[index]]] : [])));
    assert.match(String(cells['Age']), /^[0-9]+s$/);
    assert.deepEqual(
      { ...cells, Age: undefined },
      { Name: 'shown', Id: status.instanceId, State: 'running', Type: 't3.micro', Zone: 'us-east-1a', 'Private-IP': '10.244.0.7', 'Public-IP': '203.0.113.7', Age: undefined },
    );
  });

  it('are listed together by kubectl get ec2', async () => {
    const { resources } = await plane.client.get<{ resources: { name: string; categories?: string[] }[] }>(GROUP);
    const inCategory = resources.filter(({ categories }) => categories?.includes('ec2')).map(({ name }) => name);
    assert.deepEqual(inCategory.sort(), customResourceDefinitions.map(({ plural }) => plural).sort());
  });
});

interface Table {
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: unknown[] }[];
}

/** The form that kubectl get asks for: only the API server makes it from the printer columns. */
async function tableOf(plane: ControlPlane, path: string): Promise<Table> {
  const connection = plane.connectionFor('somebody', ['system:masters']);
  assert.ok('certificate' in connection);
  const request = httpsRequest(new URL(path, connection.server), {
    ca: connection.certificateAuthority,
    cert: connection.certificate,
    key: connection.key,
    headers: { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return (await json(response)) as Table;
}
