import { accessByAction } from '../operator/endpoint/iam/granted-access.ts';
import type { GeneratorOutput } from './generated-file.ts';

const PATH = 'operator/controllers/iam-identity/action-grants.json';

/** What calls of each action of policies need in Kubernetes, as `<plural> <verb>`, for the controllers, which must not import the endpoint. */
export function generateActionGrants(): GeneratorOutput {
  const lines = accessByAction()
    .map(([action, access]): [string, string[]] => [action, [...new Set(access.filter(({ resource }) => resource.namespaced).map(({ verb, resource }) => `${resource.plural} ${verb}`))].sort()])
    .filter(([, grants]) => grants.length > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([action, grants]) => `  ${JSON.stringify(action)}: ${JSON.stringify(grants)}`);
  return { files: [{ path: PATH, content: `{\n${lines.join(',\n')}\n}\n` }] };
}
