import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../integration', import.meta.url));

/**
 * Which of these operations some client calls in the integration tests: by a command of the JavaScript SDK, a method of boto3, a command of the aws CLI, or its
 * name in a raw request. Test files run in several processes, so it is read from their text; that the calls succeed is for those tests to say.
 */
export function calledInTests(operations: readonly string[]): Set<string> {
  const text = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(FOLDER, path), 'utf8'))
    .join('\n');
  const words = new Set(text.match(/[A-Za-z][\w-]*/g));
  return new Set(operations.filter((name) => [`${name}Command`, snakeCase(name), snakeCase(name).replaceAll('_', '-'), name].some((spelling) => words.has(spelling))));
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase();
}
