import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-auto-scaling';
import { openCertificateAuthority } from '../../hack/control-plane/certificate-authority.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { NotificationTopic } from '../../operator/api/notification/notification-topic.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { crashOperator } from '../support/operator-crash.ts';
import { isSignedBy, webhookReceiver, type ReceivedMessage, type WebhookReceiver } from '../support/webhook-receiver.ts';

const taken: WebhookReceiver['answer'] = (response) => void response.writeHead(200).end('ok');

describe('notifications on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let namespace: string;
  let client: sdk.AutoScalingClient;
  let receiver: WebhookReceiver;
  let folder: string;
  let caBundle: string;
  const key = randomBytes(32);

  const path = (plural: string, name = ''): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
  const waiting = async (): Promise<number> => (await cloud.controlPlane.client.get<{ items: AnyObject[] }>(path('notifications'))).items.length;
  const topic = async (name: string): Promise<AnyObject & NotificationTopic> => cloud.controlPlane.client.get<AnyObject & NotificationTopic>(path('notificationtopics', name));
  const conditionOf = async (name: string, type: string): Promise<string> => {
    const found = (await topic(name)).status?.conditions?.find((condition) => condition.type === type);
    return `${found?.status ?? ''} ${found?.reason ?? ''}`;
  };
  const messageOf = ({ body }: ReceivedMessage): Record<string, string> => JSON.parse(body) as Record<string, string>;
  const eventsOf = (groupName: string): (string | undefined)[] =>
    receiver.received.map(messageOf).flatMap(({ AutoScalingGroupName, Event }) => (AutoScalingGroupName === groupName ? [Event] : []));
  const makeTopic = async (name: string, webhook: object): Promise<string> => {
    await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'NotificationTopic', metadata: { name, namespace }, spec: { webhook } }]);
    return eventually(`topic ${name} has an ARN`, 60, async () => (await topic(name)).status?.topicARN);
  };
  const inState = async (groupName: string, state: string): Promise<string> =>
    eventually(`${groupName} has an instance in ${state}`, 120, async () => {
      const { AutoScalingGroups } = await client.send(new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] }));
      const [instance] = AutoScalingGroups?.[0]?.Instances ?? [];
      return instance?.LifecycleState === state ? instance.InstanceId : undefined;
    });

  before(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('told');
    ({ namespace } = tenant.account);
    const { accessKeyId, secretAccessKey } = tenant.account;
    client = new sdk.AutoScalingClient({ endpoint: cloud.operator.endpointUrl, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
    folder = mkdtempSync(join(tmpdir(), 'kube-ec2-receiver-'));
    const authority = openCertificateAuthority(folder, 'receiver-ca');
    caBundle = authority.certificate;
    const { certificate, key: privateKey } = authority.issue({ commonName: 'receiver', ipAddresses: ['127.0.0.1'], usages: ['server'] });
    receiver = await webhookReceiver({ key: privateKey, cert: certificate });
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hook-key', namespace }, type: 'kube-ec2.io/webhook-key', data: { key: key.toString('base64') } },
      {
        apiVersion: 'kube-ec2.io/v1alpha1',
        kind: 'LaunchTemplate',
        metadata: { name: 'web', namespace },
        spec: { versions: [{ versionNumber: 1, launchTemplateData: { imageId: 'instance-store', instanceType: 't3.nano' } }] },
      },
    ]);
    await cloud.operator.hasSeen(await cloud.controlPlane.client.get(path('launchtemplates', 'web')));
  });
  after(async () => {
    client.destroy();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answer = taken;
  });

  it('reach a receiver over TLS, signed, and let it complete a lifecycle action', async () => {
    const AutoScalingGroupName = `hooked-${Date.now()}`;
    const TopicARN = await makeTopic('hook', { url: `https://127.0.0.1:${receiver.port}/in`, keySecretName: 'hook-key', caBundle });
    await client.send(
      new sdk.CreateAutoScalingGroupCommand({
        AutoScalingGroupName, MinSize: 0, MaxSize: 2, DesiredCapacity: 0, LaunchTemplate: { LaunchTemplateName: 'web' }, AvailabilityZones: ['us-east-1a'],
        LifecycleHookSpecificationList: [
          { LifecycleHookName: 'boot', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', HeartbeatTimeout: 600, NotificationTargetARN: TopicARN, NotificationMetadata: 'more' },
        ],
      }),
    );
    const NotificationTypes = ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE'];
    await client.send(new sdk.PutNotificationConfigurationCommand({ AutoScalingGroupName, TopicARN, NotificationTypes }));
    await eventually('the test notification', 60, async () => eventsOf(AutoScalingGroupName).includes('autoscaling:TEST_NOTIFICATION'));
    await client.send(new sdk.SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 1 }));
    const isWait = ({ LifecycleTransition, AutoScalingGroupName: name }: Record<string, string>): boolean => LifecycleTransition !== undefined && name === AutoScalingGroupName;
    const wait = await eventually('the wait is told', 120, async () => receiver.received.map(messageOf).find(isWait));
    assert.deepEqual([wait['LifecycleHookName'], wait['NotificationMetadata']], ['boot', 'more']);
    await inState(AutoScalingGroupName, 'Pending:Wait');
    const LifecycleActionToken = wait['LifecycleActionToken'] ?? '';
    await client.send(new sdk.CompleteLifecycleActionCommand({ AutoScalingGroupName, LifecycleHookName: 'boot', LifecycleActionToken, LifecycleActionResult: 'CONTINUE' }));
    const id = await inState(AutoScalingGroupName, 'InService');
    assert.equal(wait['EC2InstanceId'], id);
    await eventually('the launch is told', 60, async () => eventsOf(AutoScalingGroupName).includes('autoscaling:EC2_INSTANCE_LAUNCH'));
    await client.send(new sdk.SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 0 }));
    await eventually('the end is told', 120, async () => eventsOf(AutoScalingGroupName).includes('autoscaling:EC2_INSTANCE_TERMINATE'));
    await eventually('nothing is left to send', 60, async () => (await waiting()) === 0);
    assert.ok(receiver.received.every((message) => isSignedBy(key, message, Date.now())), 'a message is not signed');
    const launch = receiver.received.map(messageOf).find(({ Event, EC2InstanceId }) => Event === 'autoscaling:EC2_INSTANCE_LAUNCH' && EC2InstanceId === id);
    const { Activities } = await client.send(new sdk.DescribeScalingActivitiesCommand({ AutoScalingGroupName, ActivityIds: [launch?.['ActivityId'] ?? ''] }));
    assert.deepEqual([Activities?.[0]?.Cause, Activities?.[0]?.Description, Activities?.[0]?.AutoScalingGroupARN], [launch?.['Cause'], launch?.['Description'], launch?.['AutoScalingGroupARN']]);
    await eventually('the topic says so', 60, async () => (await conditionOf('hook', 'Delivering')) === 'True Delivered');
    await client.send(new sdk.DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
  });

  it('survive a receiver that is away and an operator that is killed on the way, none lost', async () => {
    const AutoScalingGroupName = `killed-${Date.now()}`;
    const TopicARN = await makeTopic('hook', { url: `https://127.0.0.1:${receiver.port}/in`, keySecretName: 'hook-key', caBundle });
    await client.send(
      new sdk.CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 5, DesiredCapacity: 0, LaunchTemplate: { LaunchTemplateName: 'web' }, AvailabilityZones: ['us-east-1a', 'us-east-1b'] }),
    );
    // Takes the connection and says nothing: posts hang.
    receiver.answer = () => undefined;
    await client.send(new sdk.PutNotificationConfigurationCommand({ AutoScalingGroupName, TopicARN, NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] }));
    await client.send(new sdk.SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }));
    await eventually('test and launches wait to be sent', 120, async () => (await waiting()) >= 4 && receiver.received.length > 0);
    await crashOperator(cloud, async () => {
      const kept = await waiting();
      assert.ok(kept >= 4, `${kept} are kept`);
      receiver.received.length = 0;
      receiver.answer = taken;
    });
    const isLaunch = ({ Event, AutoScalingGroupName: name }: Record<string, string>): boolean => Event === 'autoscaling:EC2_INSTANCE_LAUNCH' && name === AutoScalingGroupName;
    const launches = (): Set<string | undefined> => new Set(receiver.received.map(messageOf).filter(isLaunch).map(({ EC2InstanceId }) => EC2InstanceId));
    await eventually('all are told', 180, async () => launches().size === 3 && (await waiting()) === 0);
    assert.equal(receiver.received.length, new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 'a message was told twice after the start');
    await eventually('the topic says so', 60, async () => (await conditionOf('hook', 'Delivering')) === 'True Delivered');
    await client.send(new sdk.DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
  });

  it('do not go where the administrator does not want them, and the topic says what to do', async () => {
    await makeTopic('forbidden', { url: 'https://10.0.0.1/in' });
    await eventually('it is refused', 60, async () => (await conditionOf('forbidden', 'Ready')) === 'False AddressRefused');
    await makeTopic('unsigned', { url: `https://127.0.0.1:${receiver.port}/in`, keySecretName: 'nothing' });
    await eventually('the key is missed', 60, async () => (await conditionOf('unsigned', 'Ready')) === 'False KeyNotFound');
    const { items } = await cloud.controlPlane.client.get<{ items: (AnyObject & { type: string })[] }>(`/api/v1/namespaces/${namespace}/secrets`);
    const secretName = items.find(({ type }) => type === 'kube-ec2.io/access-key')?.metadata?.name;
    await makeTopic('stealing', { url: `https://127.0.0.1:${receiver.port}/in`, keySecretName: secretName });
    await eventually('an access key signs nothing', 60, async () => (await conditionOf('stealing', 'Ready')) === 'False KeyUnusable');
    assert.equal(receiver.received.length, 0);
  });
});
