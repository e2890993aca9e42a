import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { openObject } from '../open-object.ts';
import { Conditions, Tags } from '../shared.ts';

/** Condition types of a Fleet. */
export const FleetConditions = {
  /** The operator has taken note of the record. */
  recorded: 'Recorded',
} as const;

/** Most launches that one fleet tries: EC2's limit of overrides. */
const POOLS_LIMIT = 300;

const launch = { launchTemplateAndOverrides: openObject({}).optional().describe('Launch template and overrides of the launch, in camelCase.') };

const FleetSpec = z
  .object({
    fleetId: z
      .string()
      .regex(/^fleet-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'fleetId must be fleet- and a UUID')
      .max(42)
      .describe('EC2 id, fleet-...'),
    createTime: z.iso.datetime().describe('When the fleet was launched.'),
    clientToken: z.string().max(128).optional().describe('Idempotency token of the call.'),
    parametersHash: z.string().max(64).optional().describe('Digest of the parameters of the call, to refuse the same token with others.'),
    request: openObject({}).describe("The call's parameters in camelCase."),
    fulfilledCapacity: z.number().min(0).describe('Capacity that was launched, in the units of the call.'),
    instances: z
      .array(openObject({ ...launch, instanceIds: z.array(z.string().max(64)).max(1000).describe('Instances of this launch.') }))
      .max(POOLS_LIMIT)
      .describe('What was launched.'),
    errors: z.array(openObject(launch)).max(POOLS_LIMIT).describe('What could not be launched.'),
    deletedAt: z.iso.datetime().optional().describe('When DeleteFleets ended the fleet and its instances.'),
    tags: Tags.optional(),
  })
  .describe('The record.');
export type FleetSpec = z.infer<typeof FleetSpec>;

const FleetStatus = z.object({
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type FleetStatus = z.infer<typeof FleetStatus>;
export type Fleet = CustomResource<FleetSpec, FleetStatus>;

/** Fleet: what one call of CreateFleet launched. */
export const FleetDefinition = defineCustomResource({
  kind: 'Fleet',
  plural: 'fleets',
  shortNames: [],
  namespaced: true,
  description:
    'The record of an EC2 fleet of type instant: written by CreateFleet once the instances are launched, removed with the last of them. It launches nothing: with kubectl, make Instances.',
  spec: FleetSpec,
  status: FleetStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.spec.fleetId' },
    { name: 'Capacity', type: 'number', path: '.spec.fulfilledCapacity' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});
