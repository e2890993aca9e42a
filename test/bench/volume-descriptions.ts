import { CreateVolumeCommand } from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { startOperator } from '../support/operator.ts';
import { formOf, postSigned, type RequestSettings } from '../support/signed-request.ts';
import { loadOf, type Load } from './load.ts';
import { startMoto, type Moto } from './moto.ts';
import { newId, seed, seedInstances, type Copy } from './seed.ts';
import { inParallel, median } from './statistics.ts';

/** Sizes of the comparison. */
export interface VolumeDescriptionSettings {
  volumes: number;
  /** Requests to moto; ours are twenty times as many. */
  calls: number;
  log: (line: string) => void;
}

/** What came out. */
export interface VolumeDescriptionResult {
  volumes: number;
  /** Small answers by tag, status, zone and instance, four callers at a time. */
  ours: Load;
  moto: Load;
  /** Moto's median by ours. */
  ratio: number;
  /** Milliseconds until all available volumes of a zone are read: ours page by page, moto's, which has no pages, in one answer. */
  walk: { volumes: number; pages: number; ourMilliseconds: number; motoMilliseconds: number };
}

/** A filter and how many volumes it finds. */
interface Query {
  filters: Readonly<Record<string, string>>;
  found: number;
}

/** Volumes of a group are in one zone; the first half of them is attached, each to an instance of its own. */
const GROUP = 20;
const ATTACHED = GROUP / 2;
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;
const PAGE = 50;
const READERS = 4;
const OURS_PER_MOTO_CALL = 20;
const WALKS = 5;

const zoneOf = (group: number): string => ZONES[group % ZONES.length] ?? ZONES[0];
const groupName = (group: number): string => `g${String(group)}`;

/**
 * Times DescribeVolumes with filters against the endpoint and against moto's server, which have the same volumes, with the same raw HTTP client. As in
 * describe.ts ours are copies of a Volume and an Instance that were really made, with nothing behind them and no controllers at work.
 */
export async function compareVolumeDescriptions(
  cloud: Cloud,
  tenant: TenantClients,
  sample: { instance: AnyObject; volume: AnyObject },
  { volumes, calls, log }: VolumeDescriptionSettings,
): Promise<VolumeDescriptionResult> {
  const groups = Math.max(ZONES.length, Math.ceil(volumes / GROUP));
  const endpoint = await startOperator(cloud.controlPlane, { name: 'operator-endpoint-volumes', role: 'endpoint', kubeconfigPath: cloud.operatorKubeconfig });
  const ours: RequestSettings = { endpointUrl: endpoint.endpointUrl, ...tenant.account };
  const ourInstances = await seedVolumes(cloud, sample, groups);
  await eventually('the endpoint has all volumes in its cache', 60, async () => (await countOf(ours, {})) === groups * GROUP);
  log(`${String(groups * GROUP)} volumes are seeded here`);
  const moto = await startMoto(cloud, log);
  const motoInstances = await makeVolumes(moto, groups);
  log(`${String(groups * GROUP)} volumes are made in moto`);

  const load = async (target: RequestSettings, instances: readonly string[], count: number): Promise<Load> => {
    const queries = queriesOf(groups, instances);
    return loadOf(count, READERS, async (index) => expectCount(target, queries[index % queries.length]));
  };
  await load(ours, ourInstances, calls * 5); // just-in-time compilation is not what is compared
  const ourLoad = await load(ours, ourInstances, calls * OURS_PER_MOTO_CALL);
  const motoLoad = await load(moto, motoInstances, calls);
  const walk = await compareWalks(ours, moto, groups);
  await endpoint.stop();
  return { volumes: groups * GROUP, ours: ourLoad, moto: motoLoad, ratio: motoLoad.medianMilliseconds / ourLoad.medianMilliseconds, walk };
}

/** Questions as clients ask them: what belongs to a tag, to an instance, what is free in a zone. None finds more than a page. */
function queriesOf(groups: number, instances: readonly string[]): Query[] {
  return Array.from({ length: groups }, (_, group): Query[] => [
    { filters: { 'tag:group': groupName(group), status: 'in-use' }, found: ATTACHED },
    { filters: { 'attachment.instance-id': instances[(group * 7) % instances.length] ?? '' }, found: 1 },
    { filters: { 'tag:group': groupName(group), 'availability-zone': zoneOf(group) }, found: GROUP },
    { filters: { 'tag:group': groupName(group), status: 'available', 'availability-zone': zoneOf(group) }, found: GROUP - ATTACHED },
  ]).flat();
}

/** Copies of the sample, and the instances that half of them are attached to; answers with the ids of these. */
async function seedVolumes(cloud: Cloud, sample: { instance: AnyObject; volume: AnyObject }, groups: number): Promise<string[]> {
  const instances = await seedInstances(cloud, sample.instance, groups * ATTACHED, () => []);
  const { conditions = [] } = (sample.volume['status'] ?? {}) as { conditions?: { type: string }[] };
  const detached = { spec: { attachment: undefined }, status: { attachment: undefined, state: 'available', conditions: conditions.filter(({ type }) => type !== 'Attached') } };
  const copies = Array.from({ length: groups * GROUP }, (_, index): Copy => {
    const [group, position] = [Math.floor(index / GROUP), index % GROUP];
    const instanceId = position < ATTACHED ? instances[group * ATTACHED + position] : undefined;
    const { spec, status } = instanceId === undefined ? detached : { spec: {}, status: {} };
    return {
      renamed: new Map([
        [sample.volume.metadata.name ?? '', newId('vol')],
        ...(instanceId === undefined ? [] : [[sample.instance.metadata.name ?? '', instanceId] as const]),
      ]),
      spec: { ...spec, tags: [{ key: 'Name', value: 'bench' }, { key: 'group', value: groupName(group) }] },
      status: { ...status, availabilityZone: zoneOf(group) },
    };
  });
  await seed(cloud, sample.volume, copies);
  return instances;
}

/** The same in moto, where each instance has a root volume. */
async function makeVolumes(moto: Moto, groups: number): Promise<string[]> {
  const instances: string[] = [];
  for (let group = 0; group < groups; group += 1) {
    const Tags = [{ Key: 'Name', Value: 'bench' }, { Key: 'group', Value: groupName(group) }];
    const TagSpecifications = [{ ResourceType: 'volume' as const, Tags }];
    instances.push(...(await moto.launch(ATTACHED, [], { TagSpecifications, Placement: { AvailabilityZone: zoneOf(group) } })));
    await inParallel(Array.from({ length: GROUP - ATTACHED }, (_, index) => index), READERS, async () => {
      await moto.client.send(new CreateVolumeCommand({ AvailabilityZone: zoneOf(group), Size: 2, VolumeType: 'gp2', TagSpecifications }));
    });
  }
  return instances;
}

async function ask(target: RequestSettings, filters: Readonly<Record<string, string>>, paging: Readonly<Record<string, string>> = {}): Promise<{ count: number; next: string | undefined }> {
  const parameters: Record<string, string> = { ...paging };
  for (const [index, [name, value]] of Object.entries(filters).entries()) {
    parameters[`Filter.${String(index + 1)}.Name`] = name;
    parameters[`Filter.${String(index + 1)}.Value.1`] = value;
  }
  const { status, body } = await postSigned(formOf('DescribeVolumes', parameters), target);
  if (status !== 200) throw new Error(`${target.endpointUrl} answered ${String(status)}: ${body.slice(0, 300)}`);
  return { count: body.split('<createTime>').length - 1, next: /<nextToken>([^<]+)<\/nextToken>/.exec(body)?.[1] };
}

async function countOf(target: RequestSettings, filters: Readonly<Record<string, string>>): Promise<number> {
  return (await ask(target, filters)).count;
}

async function expectCount(target: RequestSettings, query: Query | undefined): Promise<void> {
  if (query === undefined) throw new Error('there is nothing to ask');
  const { count } = await ask(target, query.filters, { MaxResults: String(PAGE) });
  if (count !== query.found) throw new Error(`${target.endpointUrl} found ${String(count)} instead of ${String(query.found)} volumes by ${JSON.stringify(query.filters)}`);
}

async function compareWalks(ours: RequestSettings, moto: RequestSettings, groups: number): Promise<VolumeDescriptionResult['walk']> {
  const filters = { status: 'available', 'availability-zone': ZONES[0] };
  const wanted = Array.from({ length: groups }, (_, group) => group).filter((group) => zoneOf(group) === ZONES[0]).length * (GROUP - ATTACHED);
  const walked = { ours: { milliseconds: [] as number[], pages: 0 }, moto: { milliseconds: [] as number[], pages: 0 } };
  for (let round = 0; round < WALKS; round += 1) {
    for (const [target, figures] of [[ours, walked.ours], [moto, walked.moto]] as const) {
      const startedAt = performance.now();
      let [count, pages] = [0, 0];
      for (let next: string | undefined = ''; next !== undefined; pages += 1) {
        const page = await ask(target, filters, { MaxResults: String(PAGE), ...(next === '' ? {} : { NextToken: next }) });
        count += page.count;
        next = page.next;
      }
      figures.milliseconds.push(performance.now() - startedAt);
      figures.pages = pages;
      if (count !== wanted) throw new Error(`${target.endpointUrl} showed ${String(count)} instead of ${String(wanted)} volumes`);
    }
  }
  return { volumes: wanted, pages: walked.ours.pages, ourMilliseconds: median(walked.ours.milliseconds), motoMilliseconds: median(walked.moto.milliseconds) };
}
