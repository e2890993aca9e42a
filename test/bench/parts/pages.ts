import { comparePages, type PagesResult } from '../pages.ts';
import { loadText } from '../load.ts';
import type { Part, Row } from '../part.ts';
import { sampleInstance } from '../sample.ts';

function rowsOf({ instances, ours, moto, residentMebibytes: memory, whileLaunching }: PagesResult): Row[] {
  return [
    [`pages by tag of ${String(instances)}, requests/s: endpoint / moto`, (ours.requestsPerSecond / moto.requestsPerSecond).toFixed(1), `endpoint ${loadText(ours)}\n    moto ${loadText(moto)}`],
    ['  p99: moto / endpoint', (moto.p99Milliseconds / ours.p99Milliseconds).toFixed(1), 'four callers at a time'],
    [`  resident memory with ${String(instances)} instances`, `${String(memory.loaded)} MiB  (aim: under 300)`, `${String(memory.idle)} MiB before the load`],
    ['  reads while 50 callers launch, p99: alone / beside them', (ours.p99Milliseconds / whileLaunching.p99Milliseconds).toFixed(2), `${loadText(whileLaunching)}; ${String(whileLaunching.launches)} launches meanwhile`],
  ];
}

/** Pages of many instances by tag, beside moto's server. */
export const pagesPart: Part = {
  name: 'pages',
  sizes: {
    paged: { default: 10_000, meaning: 'instances to page through' },
    pages: { default: 1, meaning: 'pages asked of moto, ours are four hundred times as many' },
  },
  withoutControllers: async ({ cloud, tenant, size, log }) => {
    const sample = await sampleInstance(cloud, tenant, tenant.account.instanceStoreImageId);
    return async () => {
      const figures = await comparePages(cloud, tenant, sample.instance, { instances: size('paged'), calls: size('pages'), log });
      return { figures: { ...figures }, rows: rowsOf(figures) };
    };
  },
};
