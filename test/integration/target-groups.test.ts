import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AutoScalingClient, AttachLoadBalancerTargetGroupsCommand, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import * as sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateTargetGroupCommand, DeleteTargetGroupCommand, DeregisterTargetsCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { targetGroupController } from '../../operator/controllers/target-group/controller.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { writtenByNewOperator } from '../support/started-anew.ts';
import { openForEachTry } from '../support/tries.ts';

const checker = new ResponseChecker('@aws-sdk/client-elastic-load-balancing-v2', sdk);

interface Slices {
  items: { metadata: { labels: Record<string, string> }; endpoints?: { addresses: string[] }[] | null }[];
}

describe('target groups on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let balancing: ElasticLoadBalancingV2Client;
  let scaling: AutoScalingClient;

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('targets');
    const { accessKeyId, secretAccessKey } = tenant.account;
    const settings = { endpoint: cloud.operator.endpointUrl, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
    balancing = new ElasticLoadBalancingV2Client(settings);
    scaling = new AutoScalingClient(settings);
  });

  const addresses = async (service: string): Promise<string[]> => {
    const { items } = await cloud.controlPlane.client.get<Slices>(`/apis/discovery.k8s.io/v1/namespaces/${tenant.account.namespace}/endpointslices?labelSelector=kubernetes.io/service-name=${service}`);
    return items.flatMap(({ endpoints }) => (endpoints ?? []).flatMap((endpoint) => endpoint.addresses)).sort();
  };
  const states = async (TargetGroupArn: string): Promise<string[]> => {
    const health = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    assert.deepEqual(checker.violations('DescribeTargetHealth', health), []);
    return (health.TargetHealthDescriptions ?? []).map(({ TargetHealth }) => TargetHealth?.State ?? '');
  };

  it('lead a Service to instances and groups, and leave nothing behind', async () => {
    const { account } = tenant;
    // The simulated machines answer nobody, so that their running is all there is to check.
    const unchecked = await balancing.send(new CreateTargetGroupCommand({ Name: 'web', Protocol: 'TCP', Port: 8080, HealthCheckEnabled: false }));
    assert.deepEqual(checker.violations('CreateTargetGroup', unchecked), []);
    const web = unchecked.TargetGroups?.[0]?.TargetGroupArn ?? '';
    const { Instances } = await tenant.ec2.send(new RunInstancesCommand({ ImageId: account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
    const Id = Instances?.[0]?.InstanceId ?? '';
    await balancing.send(new RegisterTargetsCommand({ TargetGroupArn: web, Targets: [{ Id }] }));
    await eventually('the instance is a healthy target', 120, async () => (await states(web)).join() === 'healthy');
    await eventually('it gets traffic', 60, async () => (await addresses('tg-web')).length === 1);

    await tenant.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: account.instanceStoreImageId, InstanceType: 't3.micro' } }));
    await scaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', LaunchTemplate: { LaunchTemplateName: 'web' }, MinSize: 2, MaxSize: 2, AvailabilityZones: [`${REGION}a`] }));
    await scaling.send(new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: 'web', TargetGroupARNs: [web] }));
    await eventually('the instances of the group are healthy targets', 120, async () => (await states(web)).join() === 'healthy,healthy,healthy');
    await eventually('they get traffic', 60, async () => (await addresses('tg-web')).length === 3);
    assert.deepEqual(await writtenByNewOperator(cloud, [targetGroupController()], account.namespace), [], 'an operator that starts anew finds all in order');
    await balancing.send(new DeregisterTargetsCommand({ TargetGroupArn: web, Targets: [{ Id }] }));
    await eventually('the instance gets no traffic any more', 60, async () => (await addresses('tg-web')).length === 2);

    await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: web }));
    await eventually('Service and endpoints are gone', 60, async () => (await addresses('tg-web')).length === 0);
  });

  it('check over the network, and say what is wrong', async function () {
    const address = Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    // Kubernetes takes no loopback address for an endpoint.
    if (address === undefined) return this.skip();
    let status = 200;
    const server = createServer((_request, response) => void response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const { port } = server.address() as AddressInfo;
    const { TargetGroups } = await balancing.send(new CreateTargetGroupCommand({ Name: 'checked', Protocol: 'HTTP', Port: port, TargetType: 'ip', HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 }));
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    await balancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: address }] }));
    await eventually('the target is healthy', 120, async () => (await states(TargetGroupArn)).join() === 'healthy');
    status = 500;
    await eventually('the target is unhealthy', 120, async () => (await states(TargetGroupArn)).join() === 'unhealthy');
    await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    server.closeAllConnections();
    server.close();
  });
});
