import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { operationFilesIn, operationServices } from '../../../hack/operation-files.ts';
import { loadService } from '../../../operator/endpoint/protocol/registry.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('operation tables', () => {
  for (const { name, table, directory } of operationServices) {
    const names = Object.keys(table);

    it(`${name}: every name is an operation of the SDK's model`, async () => {
      const { operations } = await loadService(name);
      assert.deepEqual(names.filter((operation) => !operations.has(operation)), []);
    });

    it(`${name}: the operation files are exactly the table`, async () => {
      const files = await operationFilesIn(ROOT, directory);
      assert.deepEqual(files.map((file) => file.name), [...names].sort());
    });

    it(`${name}: each row runs the function of its file, which says what it does`, async () => {
      for (const file of await operationFilesIn(ROOT, directory)) {
        const functionName = file.name.charAt(0).toLowerCase() + file.name.slice(1);
        const module = (await import(`${ROOT}/${file.path}`)) as Record<string, unknown>;
        const run: unknown = Reflect.get(table[file.name] ?? {}, 'run');
        assert.equal(module[functionName], run, `${file.path} does not export ${functionName}, or the table runs something else`);
        assert.match(file.summary, /^[A-Z].*\.$/, `${file.path} has no doc comment`);
      }
    });

    it(`${name}: the rows stand in order`, () => assert.deepEqual(names, [...names].sort()));

    it(`${name}: what describes needs no more than reading`, () => {
      for (const [operation, { access }] of Object.entries(table)) {
        if (!/^(Describe|Get|List)[A-Z]/.test(operation)) continue;
        assert.deepEqual(access.filter(({ verb }) => verb !== 'get' && verb !== 'list'), [], operation);
      }
    });
  }
});
