import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { INSTANCE_ID_LABEL } from '../../operator/api/compute/instance.ts';
import { quantityFrom } from '../../operator/kubernetes/quantity.ts';
import type { VirtualMachineInstance } from '../../operator/kubernetes/resources.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { openForEachTry } from '../support/tries.ts';

type Run = AnyObject & { spec: VirtualMachineInstance['spec'] };
type LauncherPod = AnyObject & { spec: { containers: { name: string; resources?: { requests?: Record<string, string> } }[] } };

describe('instance store disks, by KubeVirt', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  const patience = (): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: tenant.ec2, maxWaitTime: 120, minDelay: 1, maxDelay: 1 });

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('instance-store');
  });

  const runOf = async (instanceId: string): Promise<Run> => cloud.controlPlane.client.get<Run>(`/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${instanceId}`);
  const disksOf = ({ spec }: Run): string[] => (spec?.volumes ?? []).flatMap(({ name, emptyDisk }) => (emptyDisk === undefined ? [] : [`${name} ${emptyDisk.capacity}`]));
  /** What the scheduler counts, in GB. */
  const requestedGB = async (instanceId: string): Promise<number> => {
    const selector = encodeURIComponent(`${INSTANCE_ID_LABEL}=${instanceId}`);
    const { items } = await cloud.controlPlane.client.get<{ items: LauncherPod[] }>(`/api/v1/namespaces/${tenant.account.namespace}/pods?labelSelector=${selector}`);
    const compute = items.at(-1)?.spec.containers.find(({ name }) => name === 'compute');
    return Math.floor((quantityFrom(compute?.resources?.requests?.['ephemeral-storage']) ?? 0) / 1e9);
  };
  const launch = async (input: Partial<ec2.RunInstancesCommandInput>): Promise<string> => {
    const { Instances } = await tenant.ec2.send(new ec2.RunInstancesCommand({ ImageId: tenant.account.ebsImageId, MinCount: 1, MaxCount: 1, ...input }));
    const id = Instances?.[0]?.InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [id] });
    return id;
  };
  const stopped = async (id: string, change: () => Promise<unknown>): Promise<void> => {
    await tenant.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
    await ec2.waitUntilInstanceStopped(patience(), { InstanceIds: [id] });
    await change();
    await tenant.ec2.send(new ec2.StartInstancesCommand({ InstanceIds: [id] }));
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [id] });
  };

  it('come with the type, are counted by the scheduler, live as long as a run, and are named nowhere but at the type', async () => {
    const { InstanceTypes } = await tenant.ec2.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: ['m5d.4xlarge'] }));
    assert.deepEqual(InstanceTypes?.[0]?.InstanceStorageInfo?.Disks, [{ Count: 2, SizeInGB: 300 }]);
    const id = await launch({ InstanceType: 'm5d.4xlarge' });
    const first = await runOf(id);
    assert.deepEqual(disksOf(first), ['ephemeral0 300G', 'ephemeral1 300G']);
    assert.equal(await requestedGB(id), 600);
    const { Reservations } = await tenant.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
    assert.deepEqual(Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName), ['/dev/xvda']);

    await tenant.ec2.send(new ec2.RebootInstancesCommand({ InstanceIds: [id] }));
    await eventually('it was rebooted', 60, async () => {
      const { status } = await cloud.controlPlane.client.get<AnyObject & { status?: { reboot?: { phase: string } } }>(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/instances/${id}`);
      return ['Rebooted', 'ResetSent'].includes(status?.reboot?.phase ?? '');
    });
    assert.equal((await runOf(id)).metadata.uid, first.metadata.uid, 'a reboot is the same run, with the same disks');
    await stopped(id, async () => tenant.ec2.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 'm5d.large' } })));
    const second = await runOf(id);
    assert.notEqual(second.metadata.uid, first.metadata.uid);
    assert.deepEqual([disksOf(second), await requestedGB(id)], [['ephemeral0 75G'], 75]);
    await stopped(id, async () => tenant.ec2.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 't3.nano' } })));
    assert.deepEqual([disksOf(await runOf(id)), await requestedGB(id)], [[], 0]);
    await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  });

  it('of an old type come by mappings of launch templates and images, which name them', async () => {
    const LaunchTemplateName = `store-${String(Date.now())}`;
    await tenant.ec2.send(
      new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { InstanceType: 'm1.small', BlockDeviceMappings: [{ DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }] } }),
    );
    const [mapped, plain] = await Promise.all([launch({ LaunchTemplate: { LaunchTemplateName } }), launch({ InstanceType: 'm1.small' })]);
    assert.deepEqual([disksOf(await runOf(mapped)), disksOf(await runOf(plain))], [['ephemeral0 160G'], []]);
    const { ImageId = '' } = await tenant.ec2.send(new ec2.CreateImageCommand({ InstanceId: mapped, Name: LaunchTemplateName, NoReboot: true }));
    await ec2.waitUntilImageAvailable(patience(), { ImageIds: [ImageId] });
    const { Images } = await tenant.ec2.send(new ec2.DescribeImagesCommand({ ImageIds: [ImageId] }));
    assert.deepEqual(Images?.[0]?.BlockDeviceMappings?.map(({ DeviceName, VirtualName }) => [DeviceName, VirtualName]), [['/dev/xvda', undefined], ['/dev/sdb', 'ephemeral0']]);
    const [inherited, without] = await Promise.all([
      launch({ ImageId, InstanceType: 'm1.small' }),
      launch({ ImageId, InstanceType: 'm1.small', BlockDeviceMappings: [{ DeviceName: '/dev/sdb', NoDevice: '' }] }),
    ]);
    assert.deepEqual([disksOf(await runOf(inherited)), disksOf(await runOf(without))], [['ephemeral0 160G'], []]);
    await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [mapped, plain, inherited, without] }));
  });
});
