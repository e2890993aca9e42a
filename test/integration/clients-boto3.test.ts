import assert from 'node:assert/strict';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { openForEachTry } from '../support/tries.ts';

/** Beginning of each program. `show` prints the result that the test looks at. */
const PRELUDE = `
import json, boto3, botocore.exceptions
client = boto3.client('ec2')
ec2 = boto3.resource('ec2')
def show(value): print(json.dumps(value, default=str))
def code_of(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return [error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']]
    return 'no error'
`;

describe('boto3', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  const python = async (program: string): Promise<unknown> => tenant.python(`${PRELUDE}${program}`);

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('boto3');
  });

  it('leads instances through their whole life with the resource layer', async () => {
    const result = await python(`
instances = ec2.create_instances(ImageId='${tenant.account.ebsImageId}', InstanceType='t3.micro', MinCount=2, MaxCount=2, UserData='#cloud-config',
    TagSpecifications=[{'ResourceType': 'instance', 'Tags': [{'Key': 'Name', 'Value': 'web'}]}])
first, second = instances
states = [first.state['Name']]
for instance in instances: instance.wait_until_exists()
for instance in instances: instance.wait_until_running()
first.reload()
states.append(first.state['Name'])
known = [first.private_ip_address is not None, first.placement['AvailabilityZone'] == second.placement['AvailabilityZone'],
    first.image.id == '${tenant.account.ebsImageId}', first.root_device_type, first.tags, [group['GroupName'] for group in first.security_groups],
    first.launch_time.tzinfo is not None, first.describe_attribute(Attribute='userData')['UserData']['Value']]
first.create_tags(Tags=[{'Key': 'colour', 'Value': 'blue'}])
ec2.create_tags(Resources=[first.id, second.id], Tags=[{'Key': 'shared', 'Value': '1'}])
tags = sorted(tag['Key'] for tag in ec2.Instance(first.id).tags)
first.stop()
first.wait_until_stopped()
first.reload()
states.append(first.state['Name'])
first.modify_attribute(InstanceType={'Value': 't3.small'})
first.start()
first.wait_until_running()
first.reload()
states += [first.state['Name'], first.instance_type]
first.reboot()
found = sorted(instance.id for instance in ec2.instances.filter(Filters=[{'Name': 'tag:shared', 'Values': ['1']}]))
ec2.instances.filter(InstanceIds=[first.id, second.id]).terminate()
for instance in instances: instance.wait_until_terminated()
states += [ec2.Instance(instance.id).state['Name'] for instance in instances]
show([states, known, tags, found == sorted([first.id, second.id])])`);
    const userData = Buffer.from('#cloud-config').toString('base64');
    assert.deepEqual(result, [
      ['pending', 'running', 'stopped', 'running', 't3.small', 'terminated', 'terminated'],
      [true, true, true, 'ebs', [{ Key: 'Name', Value: 'web' }], ['default'], true, userData],
      ['Name', 'colour', 'shared'],
      true,
    ]);
  });

  it('pages, in pages of the size asked for, with its paginators and collections', async () => {
    const result = await python(`
ids = {instance['InstanceId'] for instance in client.run_instances(ImageId='${tenant.account.instanceStoreImageId}', InstanceType='t3.nano', MinCount=12, MaxCount=12)['Instances']}
pages = list(client.get_paginator('describe_instances').paginate(Filters=[{'Name': 'instance-type', 'Values': ['t3.nano']}], PaginationConfig={'PageSize': 5}))
seen = [instance['InstanceId'] for page in pages for reservation in page['Reservations'] for instance in reservation['Instances']]
collected = [instance.id for instance in ec2.instances.filter(Filters=[{'Name': 'instance-type', 'Values': ['t3.nano']}]).page_size(5)]
types = [kind['InstanceType'] for page in client.get_paginator('describe_instance_types').paginate(PaginationConfig={'PageSize': 20}) for kind in page['InstanceTypes']]
statuses = [status['InstanceId'] for page in client.get_paginator('describe_instance_status').paginate(IncludeAllInstances=True, Filters=[], PaginationConfig={'PageSize': 5}) for status in page['InstanceStatuses']]
client.terminate_instances(InstanceIds=sorted(ids))
show([len(ids), len(seen), set(seen) == ids, len(collected), set(collected) == ids, all(len(page['Reservations']) > 0 for page in pages), len(pages),
    len(types) == len(set(types)) and len(types) > 50, ids <= set(statuses)])`);
    assert.deepEqual(result, [12, 12, true, 12, true, true, 3, true, true]);
  });

  it('makes key pairs and reads images, zones and types as resources', async () => {
    const result = await python(`
pair = ec2.create_key_pair(KeyName='boto', KeyType='ed25519')
begins = pair.key_material.splitlines()[0]
names = [key.name for key in ec2.key_pairs.all()]
pair.delete()
after = [key.name for key in ec2.key_pairs.all()]
image = ec2.Image('${tenant.account.ebsImageId}')
owned = sorted(image.name for image in ec2.images.filter(Owners=['self']))
client.get_waiter('image_available').wait(ImageIds=[image.id], WaiterConfig={'Delay': 1, 'MaxAttempts': 60})
zones = client.describe_availability_zones()['AvailabilityZones']
show([begins, names, after, image.state, image.root_device_name == image.block_device_mappings[0]['DeviceName'], owned, sorted(zone['ZoneName'] for zone in zones),
    all(zone['ZoneId'] and zone['RegionName'] == 'us-east-1' for zone in zones), boto3.client('sts').get_caller_identity()['Account']])`);
    const owned = ['ebs image', 'instance-store image', 'missing image'];
    const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
    assert.deepEqual(result, ['-----BEGIN OPENSSH PRIVATE KEY-----', ['boto'], [], 'available', true, owned, zones, true, tenant.account.accountId]);
  });

  it("raises EC2's errors, with code and status", async () => {
    const result = await python(`
show([code_of(client.describe_instances, InstanceIds=['i-0123456789abcdef0']), code_of(client.start_instances, InstanceIds=['web']),
    code_of(client.run_instances, ImageId='${tenant.account.ebsImageId}', InstanceType='t3.micro', MinCount=1, MaxCount=1, DryRun=True),
    code_of(client.run_instances, ImageId='${tenant.account.ebsImageId}', InstanceType='x9.huge', MinCount=1, MaxCount=1),
    code_of(client.describe_instances, Filters=[{'Name': 'colour', 'Values': ['red']}]),
    code_of(client.create_transit_gateway),
    code_of(boto3.client('ec2', aws_access_key_id='${tenant.account.accessKeyId}', aws_secret_access_key='wrong').describe_instances),
    code_of(boto3.client('ec2', aws_access_key_id='AKIAWRONG', aws_secret_access_key='wrong').describe_instances)])`);
    assert.deepEqual(result, [
      ['InvalidInstanceID.NotFound', 400],
      ['InvalidInstanceID.Malformed', 400],
      ['DryRunOperation', 412],
      ['InvalidParameterValue', 400],
      ['InvalidParameterValue', 400],
      ['InvalidAction', 400],
      ['AuthFailure', 401],
      ['AuthFailure', 401],
    ]);
  });
});
