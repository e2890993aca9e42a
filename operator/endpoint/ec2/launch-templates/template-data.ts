import type { RequestLaunchTemplateData, ResponseLaunchTemplateData, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { LaunchTemplateData } from '../../../api/launch-template-data.ts';

/** The two members that RunInstances spells in another way than templates do: template's name -> name in RunInstances. */
const NAMES_IN_RUN_INSTANCES: Readonly<Record<string, string>> = { RamDiskId: 'RamdiskId', ElasticGpuSpecifications: 'ElasticGpuSpecification' };
const NAMES_IN_TEMPLATES = Object.fromEntries(Object.entries(NAMES_IN_RUN_INSTANCES).map(([ofTemplate, ofLaunch]) => [ofLaunch, ofTemplate]));
/** The only time in a launch: until when a Spot request is good. */
const TIMES = new Set(['validUntil']);

/** Data of a request as a template keeps them: names in camelCase, nothing else changed. User data stay base64. */
export function templateDataFrom(data: RequestLaunchTemplateData): LaunchTemplateData {
  const { userData, ...rest } = lowered(data) as LaunchTemplateData;
  return userData === undefined ? rest : { ...rest, userDataBase64: userData };
}

/** Data of a template in the API's shape, as they were given; user data as base64. */
export function sdkTemplateDataFrom({ userData, userDataBase64, ...rest }: LaunchTemplateData): ResponseLaunchTemplateData {
  const encoded = userDataBase64 ?? (userData === undefined ? undefined : Buffer.from(userData).toString('base64'));
  return { ...(raised(rest) as ResponseLaunchTemplateData), ...(encoded !== undefined && { UserData: encoded }) };
}

/** The parameters of a launch that a template can have too, as a template keeps them. */
export function templateDataFromLaunch(parameters: Omit<RunInstancesRequest, 'MinCount' | 'MaxCount'>): LaunchTemplateData {
  return templateDataFrom(renamed(parameters, NAMES_IN_TEMPLATES));
}

/** The parameters of a launch that has these data. */
export function launchParametersFrom(data: LaunchTemplateData): Partial<RunInstancesRequest> {
  return renamed(sdkTemplateDataFrom(data), NAMES_IN_RUN_INSTANCES);
}

function renamed(value: object, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [names[name] ?? name, inner as unknown]));
}

function lowered(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(members.map(([name, inner]) => [name.charAt(0).toLowerCase() + name.slice(1), lowered(inner)]));
}

function raised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(raised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      TIMES.has(name) && typeof inner === 'string' ? new Date(inner) : raised(inner),
    ]),
  );
}
