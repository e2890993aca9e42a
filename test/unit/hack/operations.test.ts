import assert from 'node:assert/strict';
import { generateOperationsTable } from '../../../hack/generate-operations.ts';
import { operationServices, summaryFrom } from '../../../hack/operation-files.ts';

describe('summaryFrom', () => {
  const cases: Record<string, { source: string; want: string }> = {
    'is the first sentence of the doc comment': { source: '/**\n * Does this. Then that.\n */\nexport async function a(', want: 'Does this.' },
    'goes over lines': { source: '/**\n * Does this\n * and that.\n * @throws X\n */\nexport async function a(', want: 'Does this and that.' },
    'does not end at a dot within a word': { source: '/** Lists t3.micro and others. More. */\nexport async function a(', want: 'Lists t3.micro and others.' },
    'is that of the operation, not of what stands before it': { source: '/** A limit. */\nconst a = 1;\n\n/** Does this. */\nexport async function a(', want: 'Does this.' },
    'is empty without one': { source: 'export async function a(', want: '' },
  };
  for (const [name, { source, want }] of Object.entries(cases)) {
    it(name, () => assert.equal(summaryFrom(source), want));
  }
});

describe('generateOperationsTable', () => {
  it('lists every operation of every table with a link to its file, and counts the rest', async () => {
    const { files } = await generateOperationsTable();
    assert.deepEqual(files.map(({ path }) => path), ['docs/operations.md']);
    const content = files[0]?.content ?? '';
    for (const { table, directory } of operationServices) {
      for (const operation of Object.keys(table)) {
        assert.match(content, new RegExp(`^\\| \\[${operation}\\]\\(\\.\\./${directory}/([a-z-]+/)*${operation}\\.ts\\) \\| [A-Z].*\\. \\|$`, 'm'));
      }
    }
    const implemented = Object.keys(operationServices[0]?.table ?? {}).length;
    assert.match(content, new RegExp(`\\| Amazon EC2 \\(\`ec2\`\\) \\| 823 \\| ${implemented} \\|`));
    assert.ok(content.includes(`Not implemented: ${823 - implemented}`));
    assert.match(content, /\bAcceptAddressTransfer, /);
  });
});
