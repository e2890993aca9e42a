import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outdatedPaths, writeOutdated, type GeneratorOutput } from '../../../hack/generated-file.ts';

describe('generated files', () => {
  const output: GeneratorOutput = { files: [{ path: 'owned/a.yaml', content: 'a\n' }, { path: 'b.yaml', content: 'b\n' }], ownedDirectories: ['owned'] };
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kube-ec2-generated-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are written with their folders, and then are current', async () => {
    assert.deepEqual(await writeOutdated(root, output), ['b.yaml', 'owned/a.yaml']);
    assert.equal(await readFile(join(root, 'owned/a.yaml'), 'utf8'), 'a\n');
    assert.deepEqual(await outdatedPaths(root, output), []);
  });

  it('are told when changed, missing or left over, without a change to them', async () => {
    await mkdir(join(root, 'owned'));
    await writeFile(join(root, 'owned/a.yaml'), 'changed\n');
    await writeFile(join(root, 'owned/old.yaml'), 'old\n');
    assert.deepEqual(await outdatedPaths(root, output), ['b.yaml', 'owned/a.yaml', 'owned/old.yaml']);
    assert.equal(await readFile(join(root, 'owned/a.yaml'), 'utf8'), 'changed\n');
  });

  it('that are left over go, but only in folders that a generator owns', async () => {
    await mkdir(join(root, 'owned'));
    await writeFile(join(root, 'owned/old.yaml'), 'old\n');
    await writeFile(join(root, 'mine.yaml'), 'mine\n');
    await writeOutdated(root, output);
    assert.deepEqual((await readdir(root)).sort(), ['b.yaml', 'mine.yaml', 'owned']);
    assert.deepEqual(await readdir(join(root, 'owned')), ['a.yaml']);
  });

  it('that are current are not written again', async () => {
    await writeOutdated(root, output);
    const before = await stat(join(root, 'b.yaml'));
    assert.deepEqual(await writeOutdated(root, output), []);
    assert.equal((await stat(join(root, 'b.yaml'))).mtimeMs, before.mtimeMs);
  });
});
