import { fileURLToPath } from 'node:url';
import { customResourceDefinitions } from '../operator/api/index.ts';
import { generateActionGrants } from './generate-action-grants.ts';
import { generateCustomResourceDefinitions } from './generate-crds.ts';
import { generateInstanceTypes } from './generate-instance-types.ts';
import { generateKubevirtTypes } from './generate-kubevirt.ts';
import { generateOperationsTable } from './generate-operations.ts';
import { generatePermissions, rolesOfUsers } from './generate-permissions.ts';
import { outdatedPaths, writeOutdated, type GeneratorOutput } from './generated-file.ts';
import { rolesOfOperator } from './roles-of-operator.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Everything that is generated, in one run. */
async function generate(): Promise<GeneratorOutput> {
  const outputs: GeneratorOutput[] = [
    generateCustomResourceDefinitions(customResourceDefinitions),
    generateInstanceTypes(),
    generatePermissions([...rolesOfOperator, ...rolesOfUsers(customResourceDefinitions)]),
    generateActionGrants(),
    await generateKubevirtTypes(),
    await generateOperationsTable(),
  ];
  return {
    files: outputs.flatMap(({ files }) => files),
    ownedDirectories: outputs.flatMap(({ ownedDirectories }) => ownedDirectories ?? []),
  };
}

const isCheck = process.argv.includes('--check');
const output = await generate();
const paths = isCheck ? await outdatedPaths(ROOT, output) : await writeOutdated(ROOT, output);
for (const path of paths) console.log(isCheck ? `not current: ${path}` : `written: ${path}`);
if (isCheck && paths.length > 0) {
  console.error('Run "npm run generate" and commit the result.');
  process.exitCode = 1;
}
