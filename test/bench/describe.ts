import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { startOperator } from '../support/operator.ts';
import { formOf, postSigned, type RequestSettings } from '../support/signed-request.ts';
import { startMoto } from './moto.ts';
import { seedInstances } from './seed.ts';
import { median } from './statistics.ts';

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
  await seedInstances(cloud, sample, settings.instances, () => tags);
  settings.log(`${String(settings.instances)} instances are seeded here`);
  const moto = await startMoto(cloud, settings.log);
  await moto.launch(settings.instances, tags.map(({ key, value }) => ({ Key: key, Value: value })));
  settings.log(`${String(settings.instances)} instances are made in moto`);
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
