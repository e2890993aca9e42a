import assert from 'node:assert/strict';
import { sharedCloud, type TenantClients } from '../support/cloud.ts';
import { inOrder } from '../support/tries.ts';

/** Beginning of each program. `show` prints the result that the test looks at. */
const PRELUDE = `
import json, boto3, botocore.exceptions
from concurrent.futures import ThreadPoolExecutor
client = boto3.client('ec2')
def show(value): print(json.dumps(value, default=str))
def code_of(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response['Error']['Code']
    return 'no error'
`;

describe('launch templates on the real control plane', () => {
  let tenant: TenantClients;
  const python = async (program: string): Promise<unknown> => tenant.python(`${PRELUDE}${program}`);

  const step = inOrder(async () => {
    tenant = await (await sharedCloud()).open('templates');
  });

  step('keep what they are given, whoever asks; many versions at once lose none', async () => {
    const result = await python(`
data = {'ImageId': '${tenant.account.ebsImageId}', 'InstanceType': 't3.micro', 'UserData': 'IyEvYmluL3No', 'RamDiskId': 'ari-1',
    'MetadataOptions': {'HttpEndpoint': 'enabled'}, 'HibernationOptions': {'Configured': False},
    'NetworkInterfaces': [{'DeviceIndex': 0, 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.0/28'}]}],
    'InstanceMarketOptions': {'MarketType': 'spot', 'SpotOptions': {'ValidUntil': '2027-01-01T00:00:00Z', 'MaxPrice': '1'}},
    'TagSpecifications': [{'ResourceType': 'instance', 'Tags': [{'Key': 'a', 'Value': ''}]}]}
template = client.create_launch_template(LaunchTemplateName='web/(1)', LaunchTemplateData=data)['LaunchTemplate']
id = template['LaunchTemplateId']
def add(number): return client.create_launch_template_version(LaunchTemplateId=id, SourceVersion='1', LaunchTemplateData={'KeyName': 'key-%d' % number})['LaunchTemplateVersion']['VersionNumber']
with ThreadPoolExecutor(8) as pool: numbers = sorted(pool.map(add, range(24)))
client.delete_launch_template_versions(LaunchTemplateId=id, Versions=['25'])
after = add(99)
shown = client.describe_launch_template_versions(LaunchTemplateName='web/(1)', Versions=['$Default'])['LaunchTemplateVersions'][0]['LaunchTemplateData']
shown['InstanceMarketOptions']['SpotOptions']['ValidUntil'] = shown['InstanceMarketOptions']['SpotOptions']['ValidUntil'].strftime('%Y-%m-%dT%H:%M:%SZ')
client.modify_launch_template(LaunchTemplateId=id, DefaultVersion='2')
default = client.describe_launch_templates(LaunchTemplateIds=[id])['LaunchTemplates'][0]
show([shown == data, numbers == list(range(2, 26)), after, default['DefaultVersionNumber'], default['LatestVersionNumber'],
    code_of(client.create_launch_template, LaunchTemplateName='web/(1)', LaunchTemplateData=data),
    len(client.describe_launch_template_versions(LaunchTemplateId=id)['LaunchTemplateVersions'])])`);
    assert.deepEqual(result, [true, true, 26, 2, 26, 'InvalidLaunchTemplateName.AlreadyExistsException', 25]);
  });

  step('launch instances, and so do those that kubectl made', async () => {
    const { controlPlane, operator } = await sharedCloud();
    const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/launchtemplates`;
    await controlPlane.client.create(path, {
      apiVersion: 'kube-ec2.io/v1alpha1',
      kind: 'LaunchTemplate',
      metadata: { name: 'by-kubectl' },
      spec: { versions: [{ versionNumber: 1, launchTemplateData: { imageId: tenant.account.ebsImageId, instanceType: 't3.micro', userData: '#cloud-config\n', hibernationOptions: { configured: false } } }] },
    });
    await operator.hasSeen(await controlPlane.client.get(`${path}/by-kubectl`));
    const result = await python(`
def launch(**arguments):
    instance = client.run_instances(MinCount=1, MaxCount=1, **arguments)['Instances'][0]
    client.get_waiter('instance_running').wait(InstanceIds=[instance['InstanceId']], WaiterConfig={'Delay': 1})
    tags = {tag['Key']: tag['Value'] for tag in client.describe_tags(Filters=[{'Name': 'resource-id', 'Values': [instance['InstanceId']]}])['Tags']}
    data = client.describe_instance_attribute(InstanceId=instance['InstanceId'], Attribute='userData')['UserData']['Value']
    return [instance['InstanceType'], tags['aws:ec2launchtemplate:version'], tags['aws:ec2launchtemplate:id'].startswith('lt-'), data]
client.create_launch_template(LaunchTemplateName='plain', LaunchTemplateData={'ImageId': '${tenant.account.ebsImageId}', 'InstanceType': 't3.small', 'UserData': 'YWJj'})
template = client.describe_launch_templates(LaunchTemplateNames=['by-kubectl'])['LaunchTemplates'][0]
shown = client.describe_launch_template_versions(LaunchTemplateName='by-kubectl')['LaunchTemplateVersions'][0]['LaunchTemplateData']
client.create_launch_template_version(LaunchTemplateName='by-kubectl', SourceVersion='1', LaunchTemplateData={'InstanceType': 't3.nano'})
show([launch(LaunchTemplate={'LaunchTemplateName': 'plain'}, InstanceType='t3.micro'),
    launch(LaunchTemplate={'LaunchTemplateId': template['LaunchTemplateId'], 'Version': '$Latest'}), shown['HibernationOptions']])`);
    const cloudConfig = Buffer.from('#cloud-config\n').toString('base64');
    assert.deepEqual(result, [['t3.micro', '1', true, 'YWJj'], ['t3.nano', '2', true, cloudConfig], { Configured: false }]);
  });

  step('cannot be changed in a version by anybody, not even in what nobody knows', async () => {
    const { controlPlane } = await sharedCloud();
    const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/launchtemplates/by-kubectl`;
    const versions = (object: { spec?: unknown }): { versionNumber: number; launchTemplateData: Record<string, unknown> }[] => (object.spec as { versions: never }).versions;
    const changed = versions(await controlPlane.client.get(path)).map((version) => ({ ...version, launchTemplateData: { ...version.launchTemplateData, hibernationOptions: { configured: true } } }));
    await assert.rejects(controlPlane.client.patch(path, 'merge', { spec: { versions: changed } }), /a version cannot be changed/);
  });

  step('hold as much as they promise, and say so when they are full', async () => {
    const { controlPlane, operator } = await sharedCloud();
    const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/launchtemplates`;
    const launchTemplateData = { imageId: 'ami-00000000000000001', instanceType: 't3.micro', keyName: 'k', tagSpecifications: [{ resourceType: 'instance', tags: [{ key: 'a', value: 'b' }] }] };
    const versions = Array.from({ length: 500 }, (_, index) => ({ versionNumber: index + 1, launchTemplateData }));
    await controlPlane.client.create(path, { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'LaunchTemplate', metadata: { name: 'many' }, spec: { versions } });
    await operator.hasSeen(await controlPlane.client.get(`${path}/many`));
    const result = await python(`
import base64
big = base64.b64encode(b'x' * 16384).decode()
client.create_launch_template(LaunchTemplateName='large', LaunchTemplateData={'UserData': big})
added, code = 1, 'no error'
while code == 'no error' and added < 100:
    code = code_of(client.create_launch_template_version, LaunchTemplateName='large', LaunchTemplateData={'UserData': big})
    added += code == 'no error'
client.modify_launch_template(LaunchTemplateName='large', DefaultVersion=str(added))
client.delete_launch_template_versions(LaunchTemplateName='large', Versions=['1'])
more = client.create_launch_template_version(LaunchTemplateName='large', LaunchTemplateData={'UserData': big})['LaunchTemplateVersion']['VersionNumber']
show([code, added >= 40, more == added + 1, code_of(client.create_launch_template_version, LaunchTemplateName='many', LaunchTemplateData={'KeyName': 'k'})])`);
    assert.deepEqual(result, ['VersionLimitExceeded', true, true, 'VersionLimitExceeded']);
  });
});
