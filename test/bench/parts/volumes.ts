import { loadText } from '../load.ts';
import { commonSizes, listOf, type Part, type Row } from '../part.ts';
import { sampleInstance } from '../sample.ts';
import { compareVolumeDescriptions, type VolumeDescriptionResult } from '../volume-descriptions.ts';
import { compareVolumeLaunches } from '../volume-launches.ts';
import { launchRows } from './launch.ts';

function descriptionRows({ volumes, ours, moto, ratio, walk }: VolumeDescriptionResult): Row[] {
  const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
  return [
    [`${String(volumes)} volumes by filters, requests/s: endpoint / moto`, (ours.requestsPerSecond / moto.requestsPerSecond).toFixed(1), `endpoint ${loadText(ours)}\n    moto ${loadText(moto)}`],
    ['  median: moto / endpoint', ratio.toFixed(1), 'four callers at a time; by tag, status, zone, instance'],
    [
      `  all ${String(walk.volumes)} available ones of a zone: moto / endpoint`,
      (walk.motoMilliseconds / walk.ourMilliseconds).toFixed(1),
      `endpoint ${milliseconds(walk.ourMilliseconds)} in ${String(walk.pages)} pages; moto, which has no pages, ${milliseconds(walk.motoMilliseconds)}`,
    ],
  ];
}

/** Launches of an imported image beside the same claims and machines made directly, and DescribeVolumes beside moto's server. */
export const volumesPart: Part = {
  name: 'volumes',
  sizes: {
    ...commonSizes,
    clones: { default: 100, meaning: 'machines of a round of launches of one imported image' },
    volumes: { default: 1000, meaning: 'volumes to describe' },
    'volume-calls': { default: 100, meaning: 'DescribeVolumes calls to moto, ours are twenty times as many' },
  },
  withControllers: async ({ cloud, size, log }) => {
    const tenant = await cloud.open('bench-clones');
    const settings = { instances: size('clones'), pairs: size('pairs'), perCall: size('per-call'), parallel: size('parallel'), log };
    const launches = await compareVolumeLaunches(cloud, tenant, settings);
    return {
      figures: { launches },
      rows: [
        ...launchRows(`launch ${String(size('clones'))} of an imported image`, 1.2, launches),
        ['  API-server writes of the operator per launch', launches.writesPerInstance.toFixed(2), listOf(launches.writes)],
        ['  imports', `${String(launches.imports)}  (aim: no second one)`, ''],
      ],
    };
  },
  withoutControllers: async ({ cloud, size, log }) => {
    const tenant = await cloud.open('bench-volumes');
    const { instance, volumes } = await sampleInstance(cloud, tenant, tenant.account.ebsImageId);
    const [volume] = volumes;
    if (volume === undefined) throw new Error('the sample instance has no volume');
    return async () => {
      const descriptions = await compareVolumeDescriptions(cloud, tenant, { instance, volume }, { volumes: size('volumes'), calls: size('volume-calls'), log });
      return { figures: { descriptions }, rows: descriptionRows(descriptions) };
    };
  },
};
