import { NormalizedSchema } from '@smithy/core/schema';
import type { Dialect } from './dialect.ts';
import { ec2Query } from './ec2.ts';
import { structurePlanFor } from './plan.ts';
import type { StructurePlan } from './plan.ts';
import { awsQuery } from './query.ts';

/** The services whose protocol we speak, by the name that stands in a signature's scope. */
export type ServiceName = 'ec2' | 'sts' | 'autoscaling' | 'iam';

/** An action of the model. */
export interface OperationPlan {
  readonly name: string;
  /** Absent if the action takes no parameters. */
  readonly input: StructurePlan | undefined;
  /** Absent if the action answers nothing. */
  readonly output: StructurePlan | undefined;
}

/** One service's model. */
export interface Service {
  readonly name: ServiceName;
  readonly dialect: Dialect;
  readonly version: string;
  readonly xmlNamespace: string;
  readonly operations: ReadonlyMap<string, OperationPlan>;
}

type Definition = Pick<Service, 'dialect' | 'version' | 'xmlNamespace'> & { importModel: () => Promise<Record<string, unknown>> };

const definitions: Readonly<Record<ServiceName, Definition>> = {
  ec2: {
    dialect: ec2Query,
    version: '2016-11-15',
    xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    importModel: () => import('@aws-sdk/client-ec2'),
  },
  sts: {
    dialect: awsQuery,
    version: '2011-06-15',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    importModel: () => import('@aws-sdk/client-sts'),
  },
  autoscaling: {
    dialect: awsQuery,
    version: '2011-01-01',
    xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    importModel: () => import('@aws-sdk/client-auto-scaling'),
  },
  iam: {
    dialect: awsQuery,
    version: '2010-05-08',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    importModel: () => import('@aws-sdk/client-iam'),
  },
};

const loadedServices = new Map<ServiceName, Promise<Service>>();

/** True for a service that loadService can load. */
export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(definitions, name);
}

/** The dialect and XML namespace of a service, without loading its model: enough to answer an error. */
export function dialectOf(name: ServiceName): Pick<Service, 'dialect' | 'xmlNamespace'> {
  return definitions[name];
}

/** The service that an API version belongs to: all there is to go by when a request is not signed. */
export function serviceNameOfVersion(version: string): ServiceName | undefined {
  return (Object.keys(definitions) as ServiceName[]).find((name) => definitions[name].version === version);
}

/** Loads a service's model once: 170 ms and 90 MiB for EC2, a tenth of it for the others. Do it before readiness. */
export function loadService(name: ServiceName): Promise<Service> {
  let service = loadedServices.get(name);
  if (!service) loadedServices.set(name, (service = readModel(name)));
  return service;
}

async function readModel(name: ServiceName): Promise<Service> {
  const { importModel, ...definition } = definitions[name];
  const operations = new Map<string, OperationPlan>();
  for (const schema of Object.values(await importModel())) {
    if (isOperationSchema(schema)) operations.set(schema[2], operationPlanFor(schema, definition.dialect));
  }
  return { name, ...definition, operations };
}

function operationPlanFor(schema: OperationSchema, dialect: Dialect): OperationPlan {
  const [, , name, , input, output] = schema;
  return { name, input: optionalStructure(input, dialect), output: optionalStructure(output, dialect) };
}

function optionalStructure(reference: SchemaReference, dialect: Dialect): StructurePlan | undefined {
  const schema = NormalizedSchema.of(reference);
  return schema.isUnitSchema() ? undefined : structurePlanFor(schema, dialect);
}

// The SDK's exported schemas are tuples told apart by their first number: 9 is an operation.
type SchemaReference = Parameters<typeof NormalizedSchema.of>[0];
type OperationSchema = readonly [9, string, string, unknown, SchemaReference, SchemaReference];

function isOperationSchema(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === 9;
}
