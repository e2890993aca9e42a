import type { RequestLaunchTemplateData, ResponseLaunchTemplateData, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { LaunchTemplateData } from '../../../api/compute/launch-template-data.ts';
import { camelCased, pascalCased } from '../camel-case.ts';

/** The two members that RunInstances spells in another way than templates do: template's name -> name in RunInstances. */
const NAMES_IN_RUN_INSTANCES: Readonly<Record<string, string>> = { RamDiskId: 'RamdiskId', ElasticGpuSpecifications: 'ElasticGpuSpecification' };
const NAMES_IN_TEMPLATES = Object.fromEntries(Object.entries(NAMES_IN_RUN_INSTANCES).map(([ofTemplate, ofLaunch]) => [ofLaunch, ofTemplate]));

/** Data of a request as a template keeps them: names in camelCase, nothing else changed. User data stay base64. */
export function templateDataFrom(data: RequestLaunchTemplateData): LaunchTemplateData {
  const { userData, ...rest } = camelCased(data) as LaunchTemplateData;
  return userData === undefined ? rest : { ...rest, userDataBase64: userData };
}

/** Data of a template in the API's shape, as they were given; user data as base64. */
export function sdkTemplateDataFrom({ userData, userDataBase64, ...rest }: LaunchTemplateData): ResponseLaunchTemplateData {
  const encoded = userDataBase64 ?? (userData === undefined ? undefined : Buffer.from(userData).toString('base64'));
  return { ...(pascalCased(rest) as ResponseLaunchTemplateData), ...(encoded !== undefined && { UserData: encoded }) };
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
