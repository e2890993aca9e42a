import { compareScaling, type AutoScalingResult } from '../auto-scaling.ts';
import { commonSizes, listOf, type Part, type Row } from '../part.ts';

/** Groups that do nothing must cost nothing. */
const IDLE_GROUPS = 200;

function rowsOf({ instances, group, pool, ratio, processorRatio, processorSeconds, clusterWrites, writesPerInstance, writes, idleGroups, idleWrites }: AutoScalingResult): Row[] {
  const used = Object.entries(processorSeconds).map(([name, [ofGroup, ofPool]]) => `${name} ${ofGroup.toFixed(1)}/${ofPool.toFixed(1)}`).join(', ');
  const written = Object.values(clusterWrites).map((counts) => Object.values(counts).reduce((sum, count) => sum + count, 0).toFixed(1)).join(' / ');
  const rounds = (list: AutoScalingResult['group']): string => list.map(({ up, down }) => `${up.toFixed(1)} s up, ${down.toFixed(1)} s down`).join('; ');
  return [
    [`a group from 0 to ${String(instances)} and back: group / VirtualMachinePool`, `${ratio.toFixed(2)}  (aim: at most 1.0)`, `group ${rounds(group)}\n    pool ${rounds(pool)}`],
    ['  processor seconds of a round: group / pool', processorRatio.toFixed(2), used],
    ['  API-server writes per machine, of all clients: group / pool', written, `group ${listOf(clusterWrites.group, 1)}\n    pool ${listOf(clusterWrites.pool, 1)}`],
    ['  API-server writes of the operator per instance, launched and ended', writesPerInstance.toFixed(2), listOf(writes)],
    [`  API-server writes for ${String(idleGroups)} idle groups in ten seconds`, `${String(idleWrites)}  (aim: 0)`, ''],
  ];
}

/** A group beside a VirtualMachinePool, and groups that do nothing. */
export const autoScalingPart: Part = {
  name: 'auto-scaling',
  sizes: { pairs: commonSizes.pairs, group: { default: 300, meaning: 'machines of an Auto Scaling group and of a VirtualMachinePool' } },
  // Records of ended instances outlive a round, as they do in production, where they are kept for an hour; the next round waits until they are gone.
  environment: { KUBE_EC2_TERMINATED_RETENTION_SECONDS: '60' },
  withControllers: async ({ cloud, tenant, size, log }) => {
    const figures = await compareScaling(cloud, tenant, { instances: size('group'), pairs: size('pairs'), idleGroups: IDLE_GROUPS, log });
    return { figures: { ...figures }, rows: rowsOf(figures) };
  },
};
