import { compareDescribes } from '../describe.ts';
import type { Part, Row } from '../part.ts';
import { sampleInstance } from '../sample.ts';

/** All instances in one answer, beside moto's server. */
export const describePart: Part = {
  name: 'describe',
  sizes: {
    described: { default: 1000, meaning: 'instances to describe' },
    calls: { default: 10, meaning: 'DescribeInstances calls to moto, ours are five times as many' },
  },
  withoutControllers: async ({ cloud, tenant, size, log }) => {
    const sample = await sampleInstance(cloud, tenant, tenant.account.instanceStoreImageId);
    return async () => {
      const figures = await compareDescribes(cloud, tenant, sample.instance, { instances: size('described'), calls: size('calls'), log });
      const ours = `${figures.ourMilliseconds.toFixed(1)} ms, ${String(Math.round(figures.ourBytes / 1024))} KiB`;
      const moto = `moto ${figures.motoMilliseconds.toFixed(1)} ms, ${String(Math.round(figures.motoBytes / 1024))} KiB`;
      const row: Row = [`DescribeInstances of ${String(figures.instances)}: moto / endpoint`, `${figures.ratio.toFixed(1)}  (aim: at least 20)`, `endpoint ${ours}; ${moto}`];
      return { figures: { ...figures }, rows: [row] };
    };
  },
};
