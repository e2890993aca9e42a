import assert from 'node:assert/strict';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type TenantClients } from '../support/cloud.ts';
import { openForEachTry } from '../support/tries.ts';

describe('fleets of type instant on the real control plane', () => {
  let tenant: TenantClients;
  const fleets = async (): Promise<string[]> => {
    const { controlPlane } = await sharedCloud();
    const { items } = (await controlPlane.client.get(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/fleets`)) as unknown as { items: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  };

  openForEachTry(async () => {
    tenant = await (await sharedCloud()).open('fleets');
  });

  it('launch, are shown, end with their instances, and leave nothing behind', async () => {
    const [result, id, instanceIds] = (await tenant.python(`
import json, boto3
client = boto3.client('ec2')
client.create_launch_template(LaunchTemplateName='fleet', LaunchTemplateData={'ImageId': '${tenant.account.ebsImageId}'})
fleet = client.create_fleet(Type='instant', TargetCapacitySpecification={'TotalTargetCapacity': 2, 'DefaultTargetCapacityType': 'on-demand'},
    LaunchTemplateConfigs=[{'LaunchTemplateSpecification': {'LaunchTemplateName': 'fleet', 'Version': '$Latest'},
        'Overrides': [{'InstanceType': 'x9.huge', 'AvailabilityZone': 'us-east-1a'}, {'InstanceType': 't3.micro', 'AvailabilityZone': 'us-east-1b'}]}],
    TagSpecifications=[{'ResourceType': 'fleet', 'Tags': [{'Key': 'k', 'Value': 'v'}]}, {'ResourceType': 'instance', 'Tags': [{'Key': 'i', 'Value': 'v'}]}])
launched = fleet['Instances'][0]
client.get_waiter('instance_running').wait(InstanceIds=launched['InstanceIds'], WaiterConfig={'Delay': 1})
instances = [instance for reservation in client.describe_instances(Filters=[{'Name': 'tag:aws:ec2:fleet-id', 'Values': [fleet['FleetId']]}])['Reservations'] for instance in reservation['Instances']]
shown = client.describe_fleets(FleetIds=[fleet['FleetId']])['Fleets'][0]
deleted = client.delete_fleets(FleetIds=[fleet['FleetId']], TerminateInstances=True)['SuccessfulFleetDeletions'][0]
client.get_waiter('instance_terminated').wait(InstanceIds=launched['InstanceIds'], WaiterConfig={'Delay': 1})
print(json.dumps([[fleet['Errors'][0]['ErrorCode'], fleet['Errors'][0]['LaunchTemplateAndOverrides']['Overrides'], launched['LaunchTemplateAndOverrides']['Overrides'],
    sorted(set(instance['Placement']['AvailabilityZone'] for instance in instances)), len(instances), shown['FleetState'], shown['Tags'],
    deleted['CurrentFleetState'], client.describe_fleets(FleetIds=[fleet['FleetId']])['Fleets'][0]['FleetState']], fleet['FleetId'], launched['InstanceIds']]))`)) as [unknown, string, string[]];
    assert.deepEqual(result, [
      'InvalidParameterValue',
      { InstanceType: 'x9.huge', AvailabilityZone: 'us-east-1a' },
      { InstanceType: 't3.micro', AvailabilityZone: 'us-east-1b' },
      ['us-east-1b'],
      2,
      'active',
      [{ Key: 'k', Value: 'v' }],
      'deleted_terminating',
      'deleted',
    ]);
    assert.deepEqual(await fleets(), [id]);
    const { controlPlane } = await sharedCloud();
    for (const name of instanceIds) await controlPlane.client.remove(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/instances/${name}`);
    await eventually('the record is gone with the last instance', 60, async () => ((await fleets()).length === 0 ? true : undefined));
  });
});
