import assert from 'node:assert/strict';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeTagsCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  type Instance,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { openAwsClients } from '../support/aws-client.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { startOperator, type OperatorProcess } from '../support/operator.ts';
import { openForEachTry } from '../support/tries.ts';

/** What only a real API server decides: races between calls and replicas, the rules of the CRD, who may read a Secret. */
describe('instance operations on a real API server', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let replica: OperatorProcess;
  let elsewhere: Pick<TenantClients, 'ec2' | 'close'> | undefined;
  const patience = (): { client: TenantClients['ec2']; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: tenant.ec2, maxWaitTime: 180, minDelay: 1, maxDelay: 2 });

  before(async () => {
    cloud = await sharedCloud();
    replica = await startOperator(cloud.controlPlane, { kubeconfigPath: cloud.operatorKubeconfig, name: 'replica', role: 'endpoint' });
  });
  openForEachTry(async () => {
    tenant = await cloud.open('operations');
    elsewhere?.close();
    elsewhere = await openAwsClients({ endpointUrl: replica.endpointUrl, region: REGION, account: tenant.account }, `${cloud.controlPlane.dataDirectory}/replica-client`);
  });
  after(async () => {
    elsewhere?.close();
    await replica?.stop();
  });

  const other = (): Pick<TenantClients, 'ec2'> => elsewhere ?? assert.fail('no second endpoint');
  const launchBy = async (client: TenantClients['ec2'], input: Partial<RunInstancesCommandInput> = {}): Promise<Instance[]> => {
    const { Instances = [] } = await client.send(new RunInstancesCommand({ ImageId: tenant.account.ebsImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, ...input }));
    return Instances;
  };
  const idsOf = (instances: readonly Instance[]): string[] => instances.map(({ InstanceId = '' }) => InstanceId);
  const terminate = (ids: string[]): Promise<unknown> => tenant.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));

  it('the same launch, called six times at once at two replicas, is one launch', async () => {
    const input = { ClientToken: 'six-times', MinCount: 5, MaxCount: 5, UserData: Buffer.from('#cloud-config\n').toString('base64') };
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((call) => launchBy(call % 2 ? tenant.ec2 : other().ec2, input)));
    assert.equal(new Set(answers.map((instances) => idsOf(instances).toSorted().join())).size, 1);
    const { Reservations = [] } = await tenant.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: ['six-times'] }] }));
    assert.deepEqual(Reservations.map(({ Instances }) => Instances?.length), [5]);
    await assert.rejects(launchBy(other().ec2, { ...input, InstanceType: 't3.micro' }), { name: 'IdempotentParameterMismatch' });
    await terminate(idsOf(answers[0] ?? []));
  });

  it('what one call wrote the next one reads, and tags of calls at once are all kept', async () => {
    const [id = ''] = idsOf(await launchBy(tenant.ec2, { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'first' }] }] }));
    await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        (index % 2 ? tenant.ec2 : other().ec2).send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: `tag-${index}`, Value: 'x' }] })),
      ),
    );
    const keysOf = async (): Promise<number> => (await tenant.ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }))).Tags?.length ?? 0;
    await tenant.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'last', Value: '' }] }));
    assert.equal(await keysOf(), 26);
    await tenant.ec2.send(new DeleteTagsCommand({ Resources: [id] }));
    assert.equal(await keysOf(), 0);
    await terminate([id]);
  });

  it('protection, stop, change of type and user data, start, termination', async () => {
    const [id = ''] = idsOf(await launchBy(tenant.ec2, { DisableApiTermination: true, DisableApiStop: true }));
    const InstanceIds = [id];
    await waitUntilInstanceRunning(patience(), { InstanceIds });
    await assert.rejects(tenant.ec2.send(new StopInstancesCommand({ InstanceIds })), { name: 'OperationNotPermitted' });
    await assert.rejects(terminate(InstanceIds), { name: 'OperationNotPermitted' });
    await tenant.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiStop: { Value: false } }));
    const { StoppingInstances } = await tenant.ec2.send(new StopInstancesCommand({ InstanceIds }));
    assert.deepEqual(StoppingInstances?.map(({ PreviousState, CurrentState }) => [PreviousState?.Name, CurrentState?.Name]), [['running', 'stopping']]);
    await assert.rejects(tenant.ec2.send(new StartInstancesCommand({ InstanceIds })), { name: 'IncorrectInstanceState' });
    await waitUntilInstanceStopped(patience(), { InstanceIds });
    await tenant.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 't3.micro' } }));
    await tenant.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, UserData: { Value: Buffer.from('echo changed') } }));
    const { UserData } = await tenant.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'userData' }));
    assert.equal(Buffer.from(UserData?.Value ?? '', 'base64').toString(), 'echo changed');
    const { StartingInstances } = await tenant.ec2.send(new StartInstancesCommand({ InstanceIds }));
    assert.deepEqual(StartingInstances?.map(({ PreviousState, CurrentState }) => [PreviousState?.Name, CurrentState?.Name]), [['stopped', 'pending']]);
    await waitUntilInstanceRunning(patience(), { InstanceIds });
    const { Reservations } = await tenant.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    assert.equal(Reservations?.[0]?.Instances?.[0]?.InstanceType, 't3.micro');
    await tenant.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: false } }));
    await terminate(InstanceIds);
    await waitUntilInstanceTerminated(patience(), { InstanceIds });
  });

  it('a launch that the API server refuses half way leaves nothing', async () => {
    const { client } = cloud.controlPlane;
    const { namespace } = tenant.account;
    const living = async (): Promise<number> => {
      const Filters = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }];
      const { Reservations = [] } = await tenant.ec2.send(new DescribeInstancesCommand({ Filters }));
      return Reservations.flatMap(({ Instances = [] }) => Instances).length;
    };
    const { items } = await client.get<{ items: unknown[] }>(`/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/instances`);
    const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`;
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { 'count/instances.kube-ec2.io': String(items.length + 3) } } };
    const before = await living();
    // The quota controller looks for new kinds every half minute, and at a quota that it could not count only minutes later: then a new one is quicker.
    await eventually('a quota is counted', 90, async () => {
      await client.create(quotas, quota);
      const used = await eventually('this quota is counted', 5, async () => {
        const { status } = await client.get<{ status?: { used?: Record<string, string> } }>(`${quotas}/few`);
        return status?.used?.['count/instances.kube-ec2.io'];
      }).catch(() => undefined);
      if (used === undefined) await client.remove(`${quotas}/few`);
      return used;
    });
    await assert.rejects(launchBy(tenant.ec2, { MinCount: 20, MaxCount: 20, DisableApiTermination: true, UserData: 'aGk=' }), { name: 'InstanceLimitExceeded' });
    assert.equal(await living(), before);
    await client.remove(`${quotas}/few`);
  });
});
