import { compareLaunches, type LaunchResult } from '../launch.ts';
import { commonSizes, listOf, secondsOf, type Part, type Row } from '../part.ts';

/** Lines of a comparison of launches, whatever is launched. */
export function launchRows(what: string, aim: number, launch: LaunchResult): Row[] {
  const used = (seconds: Record<string, number>): string => listOf(Object.fromEntries(Object.entries(seconds).filter(([, time]) => time >= 0.1)), 1);
  const sum = (seconds: Record<string, number>): number => Object.values(seconds).reduce((total, time) => total + time, 0);
  const [endpoint, direct] = [launch.endpointProcessorSeconds, launch.directProcessorSeconds];
  return [
    [`${what} until all run: endpoint / direct`, `${launch.ratio.toFixed(2)}  (aim: at most ${aim.toFixed(1)})`, `endpoint ${secondsOf(launch.endpointSeconds)}; directly ${secondsOf(launch.directSeconds)}`],
    ['  processor seconds of a round: endpoint / direct', (sum(endpoint) / sum(direct)).toFixed(2), `endpoint ${used(endpoint)}\n    directly ${used(direct)}`],
  ];
}

/** Launches of instance-store instances beside the creation of the same VirtualMachines. */
export const launchPart: Part = {
  name: 'launch',
  sizes: { ...commonSizes, instances: { default: 200, meaning: 'machines of a launch round' } },
  withControllers: async ({ cloud, tenant, size, log }) => {
    const figures = await compareLaunches(cloud, tenant, {
      imageId: tenant.account.instanceStoreImageId,
      directNamespace: 'bench-direct',
      instances: size('instances'),
      pairs: size('pairs'),
      perCall: size('per-call'),
      parallel: size('parallel'),
      log,
    });
    const writes: Row = ['  API-server writes of the operator per instance', `${figures.writesPerInstance.toFixed(2)}  (aim: at most 6)`, listOf(figures.writes)];
    return { figures: { ...figures }, rows: [...launchRows(`launch ${String(size('instances'))}`, 1.3, figures), writes] };
  },
};
