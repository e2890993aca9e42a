import { z } from 'zod';
import { GROUP_SIZE_LIMIT } from './auto-scaling-group.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference } from '../shared.ts';

/** Condition types of a ScheduledAction. */
export const ScheduledActionConditions = {
  /** The next time is known and the group is there. */
  scheduled: 'Scheduled',
} as const;

const size = z.int().min(0).max(GROUP_SIZE_LIMIT);

const ScheduledActionSpec = z.object({
  scheduledActionName: z.string().min(1).max(255).optional().describe('Name in Auto Scaling, unique in the group. By default the name of the resource.'),
  autoScalingGroup: Reference.describe('AutoScalingGroup of this namespace, by the name of the resource.').meta({
    'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'autoScalingGroup cannot be changed; make a new ScheduledAction' }],
  }),
  startTime: z.iso.datetime().optional().describe('When it happens; with a recurrence, from when on.'),
  endTime: z.iso.datetime().optional().describe('Until when it recurs.'),
  recurrence: z.string().min(9).max(255).optional().describe('Recurrence as five fields of cron: minute, hour, day of month, month, day of week.'),
  timeZone: z.string().min(1).max(64).default('Etc/UTC').describe('Time zone of the recurrence, such as Europe/Berlin.'),
  minSize: size.optional().describe('Fewest instances from then on.'),
  maxSize: size.optional().describe('Most instances from then on.'),
  desiredCapacity: size.optional().describe('Instances that there should be from then on.'),
});
export type ScheduledActionSpec = z.infer<typeof ScheduledActionSpec>;

const ScheduledActionStatus = z.object({
  scheduledActionName: z.string().optional().describe('Name in Auto Scaling.'),
  nextTime: z.iso.datetime().optional().describe('When it happens next.'),
  lastTime: z.iso.datetime().optional().describe('The time on the schedule that was carried out last.'),
  countsFrom: z.iso.datetime().optional().describe('From when on times count: a change of the schedule brings back no time that is over.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type ScheduledActionStatus = z.infer<typeof ScheduledActionStatus>;
export type ScheduledAction = CustomResource<ScheduledActionSpec, ScheduledActionStatus>;

/** Name of an action as Auto Scaling shows it. */
export function scheduledActionNameOf({ metadata, spec }: ScheduledAction): string {
  return spec.scheduledActionName ?? metadata.name;
}

/** ScheduledAction: changes the size of a group at a time. */
export const ScheduledActionDefinition = defineCustomResource({
  kind: 'ScheduledAction',
  plural: 'scheduledactions',
  shortNames: [],
  namespaced: true,
  description: 'A scheduled action as Auto Scaling has it: changes the size of a group once, or again and again.',
  spec: ScheduledActionSpec,
  status: ScheduledActionStatus,
  printerColumns: [
    { name: 'Group', type: 'string', path: '.spec.autoScalingGroup' },
    { name: 'Recurrence', type: 'string', path: '.spec.recurrence' },
    { name: 'Desired', type: 'integer', path: '.spec.desiredCapacity' },
    { name: 'Next', type: 'string', path: '.status.nextTime' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [
    { rule: 'has(self.startTime) || has(self.recurrence)', message: 'set startTime, recurrence or both', fieldPath: '.startTime' },
    { rule: 'has(self.minSize) || has(self.maxSize) || has(self.desiredCapacity)', message: 'set at least one of minSize, maxSize and desiredCapacity', fieldPath: '.desiredCapacity' },
    { rule: '!has(self.endTime) || has(self.recurrence)', message: 'endTime is for actions that recur', fieldPath: '.endTime' },
    { rule: '!has(self.minSize) || !has(self.maxSize) || self.minSize <= self.maxSize', message: 'minSize must not be greater than maxSize', fieldPath: '.minSize' },
  ],
});
