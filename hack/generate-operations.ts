import { fileURLToPath } from 'node:url';
import { loadService } from '../operator/endpoint/protocol/registry.ts';
import type { GeneratorOutput } from './generated-file.ts';
import { operationFilesIn, operationServices, type OperationService } from './operation-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PATH = 'docs/operations.md';
const HEADER = `# Operations

<!-- Generated from the operation tables and the SDK's models by "npm run generate"; do not edit. -->

What the endpoint answers, compared with the models of the AWS SDK that it is built with. Every other action is answered with the error
\`InvalidAction\`; none pretends to work.
`;

/** The table of support: docs/operations.md. */
export async function generateOperationsTable(): Promise<GeneratorOutput> {
  const sections = await Promise.all(operationServices.map(sectionFor));
  const overview = ['| service | operations of the model | implemented |', '| --- | ---: | ---: |', ...sections.map(({ row }) => row)].join('\n');
  const content = [HEADER, `${overview}\n`, ...sections.map(({ text }) => text)].join('\n');
  return { files: [{ path: PATH, content }] };
}

async function sectionFor({ name, title, table, directory }: OperationService): Promise<{ row: string; text: string }> {
  const { operations, version } = await loadService(name);
  const files = await operationFilesIn(ROOT, directory);
  const implemented = Object.keys(table).sort();
  const absent = [...operations.keys()].filter((operation) => !Object.hasOwn(table, operation)).sort();
  const rows = implemented.map((operation) => {
    const file = files.find((candidate) => candidate.name === operation);
    return `| [${operation}](../${file?.path ?? directory}) | ${file?.summary ?? ''} |`;
  });
  const list = rows.length > 0 ? ['| operation | |', '| --- | --- |', ...rows] : ['None yet.'];
  return {
    row: `| ${title} (\`${name}\`) | ${operations.size} | ${implemented.length} |`,
    text: [
      `## ${title}`,
      '',
      `API version ${version}.`,
      '',
      ...list,
      '',
      `<details><summary>Not implemented: ${absent.length}</summary>`,
      '',
      absent.join(', '),
      '',
      '</details>',
      '',
    ].join('\n'),
  };
}
