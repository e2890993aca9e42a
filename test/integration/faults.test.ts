import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { crashOperator } from '../support/operator-crash.ts';
import { startOperator, type OperatorProcess } from '../support/operator.ts';

const CALLS = 30;
/** Some calls ask for more than one, so that a fault can come between two creations of one call. */
const sizeOf = (call: number): number => (call % 10 === 0 ? 3 : 1);
const INSTANCES = Array.from({ length: CALLS }, (_, call) => sizeOf(call)).reduce((sum, size) => sum + size, 0);
const DEADLINE_SECONDS = 180;

/** What a call was finally told: the ids that the client may rely on. */
interface Acknowledged {
  token: string;
  ids: string[];
}

describe('faults in the middle of thirty launches', function () {
  this.timeout(600_000);
  let cloud: Cloud;
  let tenant: TenantClients;
  let replica: OperatorProcess;

  before(async () => {
    cloud = await sharedCloud();
    replica = await startOperator(cloud.controlPlane, { name: 'operator-replica', role: 'endpoint', kubeconfigPath: cloud.operatorKubeconfig });
  });

  after(async () => {
    await replica.stop();
  });

  const faults: Record<string, () => Promise<void>> = {
    'the operator is killed and started again': async () => crashOperator(cloud, async () => delay(500)),
    'the API server is killed and started again': async () => {
      await cloud.controlPlane.killApiServer();
      await delay(1000);
      await cloud.controlPlane.startApiServer();
    },
    'etcd is killed and started again': async () => {
      await cloud.controlPlane.killEtcd();
      await delay(1000);
      await cloud.controlPlane.startEtcd();
    },
  };

  let round = 0;
  for (const [name, fault] of Object.entries(faults)) {
    it(`${name}: nothing is doubled, nothing acknowledged is lost, all machines run`, async () => {
      round += 1;
      tenant = await cloud.open(`faults-${String(round)}`);
      const tokens = Array.from({ length: CALLS }, (_, call) => `call-${String(call)}`);
      const clients = [cloud.operator.endpointUrl, replica.endpointUrl].map(clientOf);
      // The last round's fault may have left the watches of one of them waiting for their next try.
      await Promise.all(clients.map(async (client) => eventually('each endpoint knows the account', 60, async () => client.send(new DescribeInstancesCommand({})))));
      const launches = tokens.map(async (token, call) => launchUntilAnswered(clients, token, call));
      await delay(150 + round * 50);
      await fault();
      const acknowledged = await Promise.all(launches);
      await Promise.all([cloud.operator.ready(), replica.ready()]);

      assert.deepEqual(acknowledged.map(({ ids }) => ids.length), tokens.map((_, call) => sizeOf(call)));
      const ids = acknowledged.flatMap((answer) => answer.ids);
      assert.equal(new Set(ids).size, INSTANCES, 'no id was given to two calls');
      const instances = await eventually(`all instances of round ${String(round)} run`, DEADLINE_SECONDS, async () => {
        const found = await instancesIn(clients[1] ?? tenant.ec2);
        return found.length >= INSTANCES && found.every(({ State }) => State?.Name === 'running') ? found : undefined;
      });
      assert.deepEqual(instances.map(({ InstanceId }) => InstanceId).sort(), [...ids].sort(), 'the instances are those that were acknowledged');
      for (const { token, ids: given } of acknowledged) {
        const ofToken = instances.filter(({ ClientToken }) => ClientToken === token).map(({ InstanceId }) => InstanceId);
        assert.deepEqual(ofToken.sort(), given.sort(), `the instances of ${token}`);
      }
      assert.deepEqual((await machinesOf(cloud, tenant)).sort(), [...ids].sort(), 'one machine each, and none besides');
      await tenant.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
      for (const client of clients) client.destroy();
    });
  }

  function clientOf(endpoint: string): EC2Client {
    const { accessKeyId, secretAccessKey } = tenant.account;
    return new EC2Client({ endpoint, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  }

  /** Repeats the call with its token, at the other endpoint each time, as long as it is not answered or answered with "try again". */
  async function launchUntilAnswered(clients: readonly EC2Client[], token: string, call: number): Promise<Acknowledged> {
    const size = sizeOf(call);
    const counts = { MinCount: size, MaxCount: size };
    const command = new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.micro', ClientToken: token, ...counts });
    const deadline = Date.now() + DEADLINE_SECONDS * 1000;
    for (let attempt = call; ; attempt += 1) {
      try {
        const { Instances = [] } = await (clients[attempt % clients.length] ?? tenant.ec2).send(command);
        return { token, ids: Instances.map(({ InstanceId = '' }) => InstanceId) };
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        // Without a status nobody answered; the rest is what every SDK tries again.
        const mayPass = status === undefined || [500, 502, 503, 504].includes(status);
        if (!mayPass || Date.now() > deadline) throw error;
        await delay(200);
      }
    }
  }
});

async function instancesIn(client: EC2Client): Promise<Instance[]> {
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

async function machinesOf({ controlPlane }: Cloud, { account }: TenantClients): Promise<string[]> {
  const { items } = await controlPlane.client.get<{ items: AnyObject[] }>(`/apis/kubevirt.io/v1/namespaces/${account.namespace}/virtualmachines`);
  return items.map(({ metadata }) => metadata.name ?? '');
}
