import { NormalizedSchema } from '@smithy/core/schema';
import type { Dialect, Wording } from './dialect.ts';
import { ec2Query } from './ec2.ts';
import { jsonWording } from './json-wording.ts';
import { structurePlanFor } from './plan.ts';
import type { StructurePlan } from './plan.ts';
import { awsQuery } from './query.ts';

/** The services whose protocol we speak, by the name that stands in a signature's scope. */
export type ServiceName = 'ec2' | 'sts' | 'autoscaling' | 'iam' | 'monitoring' | 'elasticloadbalancing' | 'ssm';

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
  /** How it reads forms and writes XML. */
  readonly dialect: Dialect;
  readonly wording: Wording;
  readonly version: string;
  readonly xmlNamespace: string;
  /** Name that requests in JSON and CBOR call it by; absent where there are only forms. */
  readonly modelName?: string;
  readonly jsonVersion?: '1.0' | '1.1';
  /** Whether errors in JSON and CBOR tell the code of the query form too. */
  readonly answersQueryErrors?: boolean;
  /** Whether its clients compress large requests. */
  readonly takesGzip?: boolean;
  readonly operations: ReadonlyMap<string, OperationPlan>;
  /** Code of an error in the query form -> name of its shape, where they differ. */
  readonly errorShapes: ReadonlyMap<string, string>;
}

type Definition = Omit<Service, 'name' | 'operations' | 'errorShapes' | 'wording'> & { wording?: Wording; importModel: () => Promise<Record<string, unknown>> };

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
  monitoring: {
    dialect: awsQuery,
    version: '2010-08-01',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    modelName: 'GraniteServiceVersion20100801',
    jsonVersion: '1.0',
    answersQueryErrors: true,
    takesGzip: true,
    importModel: () => import('@aws-sdk/client-cloudwatch'),
  },
  elasticloadbalancing: {
    dialect: awsQuery,
    version: '2015-12-01',
    xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    importModel: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  },
  // Its requests are JSON only: a form gets an error in the query form, whose words are its own.
  ssm: {
    dialect: awsQuery,
    wording: jsonWording,
    version: '2014-11-06',
    xmlNamespace: 'http://ssm.amazonaws.com/doc/2014-11-06/',
    modelName: 'AmazonSSM',
    jsonVersion: '1.1',
    importModel: () => import('@aws-sdk/client-ssm'),
  },
};

/** All services whose protocol we speak. */
export const serviceNames = Object.keys(definitions) as ServiceName[];

const loadedServices = new Map<ServiceName, Promise<Service>>();

/** True for a service that loadService can load. */
export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(definitions, name);
}

/** What is known of a service without loading its model: enough to answer an error. */
export function styleOf(name: ServiceName): Omit<Service, 'name' | 'operations' | 'errorShapes'> {
  const { importModel: _, ...definition } = definitions[name];
  return { wording: definition.dialect, ...definition };
}

/** The service that an API version belongs to: all there is to go by when a form is not signed. */
export function serviceNameOfVersion(version: string): ServiceName | undefined {
  return serviceNames.find((name) => definitions[name].version === version);
}

/** The service that JSON and CBOR call by this name. */
export function serviceNameOfModel(modelName: string): ServiceName | undefined {
  return serviceNames.find((name) => definitions[name].modelName === modelName);
}

/** Loads a service's model once: 170 ms and 90 MiB for EC2, a tenth of it for the others. Do it before readiness. */
export function loadService(name: ServiceName): Promise<Service> {
  let service = loadedServices.get(name);
  if (!service) loadedServices.set(name, (service = readModel(name)));
  return service;
}

async function readModel(name: ServiceName): Promise<Service> {
  const style = styleOf(name);
  const operations = new Map<string, OperationPlan>();
  const errorShapes = new Map<string, string>();
  const schemas = Object.values(await definitions[name].importModel());
  for (const schema of schemas) {
    if (isOperationSchema(schema)) operations.set(schema[2], operationPlanFor(schema, style.dialect));
    const code = isErrorSchema(schema) ? schema[3].awsQueryError?.[0] : undefined;
    if (isErrorSchema(schema) && code !== undefined) errorShapes.set(code, schema[2]);
  }
  // Where two errors share a code, it is the one of that very name.
  for (const schema of schemas) if (isErrorSchema(schema)) errorShapes.delete(schema[2]);
  return { name, ...style, operations, errorShapes };
}

function operationPlanFor(schema: OperationSchema, dialect: Dialect): OperationPlan {
  const [, , name, , input, output] = schema;
  return { name, input: optionalStructure(input, dialect), output: optionalStructure(output, dialect) };
}

function optionalStructure(reference: SchemaReference, dialect: Dialect): StructurePlan | undefined {
  const schema = NormalizedSchema.of(reference);
  return schema.isUnitSchema() ? undefined : structurePlanFor(schema, dialect);
}

// The SDK's exported schemas are tuples told apart by their first number: 9 is an operation, -3 an error.
type SchemaReference = Parameters<typeof NormalizedSchema.of>[0];
type OperationSchema = readonly [9, string, string, unknown, SchemaReference, SchemaReference];
type ErrorSchema = readonly [-3, string, string, { awsQueryError?: [string, number] }];

function isErrorSchema(value: unknown): value is ErrorSchema {
  return Array.isArray(value) && value[0] === -3;
}

function isOperationSchema(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === 9;
}
