import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DescribeImagesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { ensurePythonTools } from '../../hack/tools/python-tools.ts';
import { REGION, type Cloud, type TenantClients } from '../support/cloud.ts';
import { freePort, startOperator } from '../support/operator.ts';
import { formOf, postSigned, type RequestSettings } from '../support/signed-request.ts';
import { inParallel, median } from './statistics.ts';

/** Sizes of the comparison. */
export interface DescribeSettings {
  instances: number;
  /** Calls to moto; ours are timed five times as often, in between. */
  calls: number;
  log: (line: string) => void;
}

/** What came out; milliseconds from the request to the last byte of the answer. */
export interface DescribeResult {
  instances: number;
  ourMilliseconds: number;
  motoMilliseconds: number;
  ourBytes: number;
  motoBytes: number;
  /** Moto's median by ours: how many times as fast we are. */
  ratio: number;
}

const OURS_PER_MOTO_CALL = 5;
const PARALLEL = 16;
const tags = [
  { key: 'Name', value: 'bench' },
  { key: 'environment', value: 'test' },
  { key: 'team', value: 'platform' },
];

/**
 * Times DescribeInstances of all instances, one request at a time, against the endpoint and against moto's server in turns, with the same raw
 * HTTP client (parsing is left out on both sides). Ours are Instance resources copied from one that really ran, their status included, with no
 * machines behind them and no controllers at work: the endpoint answers from its caches of these resources and never looks at machines.
 */
export async function compareDescribes(cloud: Cloud, tenant: TenantClients, sample: AnyObject, settings: DescribeSettings): Promise<DescribeResult> {
  const endpoint = await startOperator(cloud.controlPlane, { name: 'operator-endpoint', role: 'endpoint', kubeconfigPath: cloud.operatorKubeconfig });
  const ours: RequestSettings = { endpointUrl: endpoint.endpointUrl, ...tenant.account };
  await seed(cloud, sample, settings.instances);
  settings.log(`${String(settings.instances)} instances are seeded here`);
  const moto = await startMoto(cloud, settings);
  const isWhole = ({ body }: { body: string }): boolean => body.split('<instanceId>').length - 1 === settings.instances;
  await eventually('the endpoint has all instances in its cache', 60, async () => isWhole(await postSigned(formOf('DescribeInstances'), ours)));

  const figures = { ours: { milliseconds: [] as number[], bytes: 0 }, moto: { milliseconds: [] as number[], bytes: 0 } };
  const time = async (target: RequestSettings, figure: { milliseconds: number[]; bytes: number }): Promise<void> => {
    const startedAt = performance.now();
    const answer = await postSigned(formOf('DescribeInstances'), target);
    figure.milliseconds.push(performance.now() - startedAt);
    figure.bytes = Buffer.byteLength(answer.body);
    if (!isWhole(answer)) throw new Error(`${target.endpointUrl} did not answer with ${String(settings.instances)} instances: ${answer.body.slice(0, 500)}`);
  };
  for (let call = 0; call < settings.calls; call += 1) {
    for (let repetition = 0; repetition < OURS_PER_MOTO_CALL; repetition += 1) await time(ours, figures.ours);
    await time(moto, figures.moto);
  }
  await endpoint.stop();
  const [ourMilliseconds, motoMilliseconds] = [median(figures.ours.milliseconds), median(figures.moto.milliseconds)];
  const bytes = { ourBytes: figures.ours.bytes, motoBytes: figures.moto.bytes };
  return { instances: settings.instances, ourMilliseconds, motoMilliseconds, ...bytes, ratio: motoMilliseconds / ourMilliseconds };
}

/** Copies of the sample under ids and addresses of their own, with its status. */
async function seed({ controlPlane: { client } }: Cloud, sample: AnyObject, count: number): Promise<void> {
  const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${sample.metadata.namespace ?? ''}/instances`;
  await inParallel(Array.from({ length: count }, (_, index) => index), PARALLEL, async (index) => {
    const name = `i-${randomBytes(9).toString('hex').slice(0, 17)}`;
    const address = `10.99.${String(Math.floor(index / 250))}.${String((index % 250) + 1)}`;
    const renamed = JSON.parse(JSON.stringify(sample).replaceAll(sample.metadata.name ?? '', name)) as AnyObject & { spec: object; status: object };
    await client.create(path, { apiVersion: sample.apiVersion, kind: sample.kind, metadata: { name }, spec: { ...renamed.spec, tags } });
    await client.patch(`${path}/${name}/status`, 'merge', { status: { ...renamed.status, privateIpAddress: address } });
  });
}

async function startMoto(cloud: Cloud, { instances, log }: DescribeSettings): Promise<RequestSettings> {
  const tools = await ensurePythonTools('moto', log);
  const port = await freePort();
  await cloud.controlPlane.run({
    name: 'moto',
    command: tools.program('moto_server'),
    arguments: ['-H', '127.0.0.1', '-p', String(port)],
    environment: { HOME: join(cloud.controlPlane.dataDirectory), PYTHONDONTWRITEBYTECODE: '1' },
    stopOrder: 0,
    restarts: false,
  });
  const endpointUrl = `http://127.0.0.1:${String(port)}`;
  const credentials = { accessKeyId: 'AKIAMOTO', secretAccessKey: 'moto' };
  const client = new EC2Client({ endpoint: endpointUrl, region: REGION, credentials, maxAttempts: 1 });
  const { Images = [] } = await eventually("moto's server answers", 60, async () => client.send(new DescribeImagesCommand({ Owners: ['amazon'] })));
  await client.send(
    new RunInstancesCommand({
      ImageId: Images[0]?.ImageId,
      InstanceType: 't3.micro',
      MinCount: instances,
      MaxCount: instances,
      TagSpecifications: [{ ResourceType: 'instance', Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }],
    }),
  );
  log(`${String(instances)} instances are made in moto`);
  client.destroy();
  return { endpointUrl, ...credentials };
}
