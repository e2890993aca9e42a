import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import type { Instance } from './instance.ts';
import { Conditions, Tags } from '../shared.ts';

/** Condition types of a PlacementGroup. */
export const PlacementGroupConditions = {
  /** Instances can be launched into it by its name. */
  ready: 'Ready',
} as const;

/** EC2's limit of running instances of one spread group in one zone. */
export const SPREAD_LIMIT_PER_ZONE = 7;
/** EC2's limit of partitions, and what a partition group has when nobody says how many. */
export const PARTITIONS_LIMIT = 7;
const DEFAULT_PARTITION_COUNT = 2;

/** Label on machines and pods: the id of their placement group. */
export const PLACEMENT_GROUP_LABEL = 'kube-ec2.io/placement-group';
/** Label on machines and pods of a partition group: the number of the partition. */
export const PLACEMENT_PARTITION_LABEL = 'kube-ec2.io/placement-partition';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new PlacementGroup` }],
});

const PlacementGroupSpec = z.object({
  groupName: z.string().min(1).max(255).optional().describe('Name of the group in EC2, unique in the account. By default the name of the resource.').meta(immutable('groupName')),
  strategy: z
    .enum(['cluster', 'spread', 'partition'])
    .default('cluster')
    .describe('cluster: machines near to each other, in one zone. spread: never two on one node. partition: nodes of one partition are not shared with another.')
    .meta(immutable('strategy')),
  partitionCount: z
    .int()
    .min(1)
    .max(PARTITIONS_LIMIT)
    .optional()
    .describe(`Partitions of a partition group, by default ${DEFAULT_PARTITION_COUNT}.`)
    .meta(immutable('partitionCount')),
  tags: Tags.optional(),
});
export type PlacementGroupSpec = z.infer<typeof PlacementGroupSpec>;

const PlacementGroupStatus = z.object({
  groupId: z.string().optional().describe('EC2 id, pg-...'),
  groupName: z.string().optional().describe('Name of the group in EC2.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type PlacementGroupStatus = z.infer<typeof PlacementGroupStatus>;
export type PlacementGroup = CustomResource<PlacementGroupSpec, PlacementGroupStatus>;

/** Name of a group as EC2 shows it, and as instances name it. */
export function placementGroupNameOf({ metadata, spec }: PlacementGroup): string {
  return spec.groupName ?? metadata.name;
}

/** Partitions of a partition group. */
export function partitionCountOf({ spec }: PlacementGroup): number {
  return spec.partitionCount ?? DEFAULT_PARTITION_COUNT;
}

/** The partition of an instance of a partition group: the one that it asks for, else one that follows from its uid, for good. */
export function partitionOf({ metadata, spec }: Instance, group: PlacementGroup): number {
  if (spec.placement.partitionNumber !== undefined) return spec.placement.partitionNumber;
  return (createHash('sha256').update(metadata.uid ?? metadata.name).digest().readUInt32BE() % partitionCountOf(group)) + 1;
}

/** PlacementGroup: where instances run in relation to each other. */
export const PlacementGroupDefinition = defineCustomResource({
  kind: 'PlacementGroup',
  plural: 'placementgroups',
  shortNames: ['pg'],
  namespaced: true,
  description: 'A placement group as EC2 has it: instances that name it run near to each other, apart, or in partitions, by affinity of their pods.',
  spec: PlacementGroupSpec,
  status: PlacementGroupStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.groupId' },
    { name: 'Group', type: 'string', path: '.status.groupName' },
    { name: 'Strategy', type: 'string', path: '.spec.strategy' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [
    { rule: "!has(self.partitionCount) || self.strategy == 'partition'", message: 'partitionCount is for the strategy partition', fieldPath: '.partitionCount' },
    ...['groupName', 'partitionCount'].map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field})`,
      message: `${field} cannot be added or removed; make a new PlacementGroup`,
      fieldPath: `.${field}`,
    })),
  ],
});
