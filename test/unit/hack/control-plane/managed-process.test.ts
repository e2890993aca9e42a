import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagedProcess, type ProcessDefinition } from '../../../../hack/control-plane/managed-process.ts';
import { eventually } from '../../../../hack/control-plane/readiness.ts';
import { livingChildren } from '../../../../hack/control-plane/run-file.ts';

describe('managed process', () => {
  let folder: string;
  let child: ManagedProcess | undefined;
  const lines: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kube-ec2-process-'));
    lines.length = 0;
  });
  afterEach(async () => {
    await child?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (script: string, rest: Partial<ProcessDefinition> = {}): Promise<ManagedProcess> => {
    const definition = { name: 'child', command: 'sh', arguments: ['-c', script], stopOrder: 1, restarts: false, ...rest };
    child = new ManagedProcess(folder, definition, (line) => lines.push(line));
    await child.start();
    return child;
  };

  it('is known to whoever may have to end it, as long as it lives', async () => {
    const sleeping = await start('exec sleep 60');
    assert.deepEqual(livingChildren(folder).map(({ name, pid }) => [name, pid]), [['child', sleeping.pid]]);
    await sleeping.stop();
    assert.deepEqual(livingChildren(folder), []);
    assert.equal(sleeping.pid, undefined);
  });

  it('is killed if it does not end when asked', async () => {
    const stubborn = await start('trap "" TERM; echo ready; while :; do sleep 0.05; done', { stopTimeoutSeconds: 0.2 });
    await eventually('it ignores SIGTERM', 5, async () => stubborn.lastLines().includes('ready'));
    await stubborn.stop();
    assert.equal(stubborn.pid, undefined);
  });

  it('is started again when it ends by itself', async () => {
    const restarted = await start('echo once more; exit 3', { restarts: true });
    await eventually('it ran twice', 5, async () => restarted.lastLines().split('\n').length >= 2);
    assert.match(lines[0] ?? '', /^child ended \(code 3\), starting it again in 0\.25 s/);
  });

  it('stays down when it was stopped, or is not to be restarted', async () => {
    const ended = await start('exit 0');
    await eventually('it ended', 5, async () => ended.pid === undefined);
    assert.equal(ended.isWanted, false);
    assert.match(lines[0] ?? '', /^child ended \(code 0\); its output is in/);
  });

  it('cannot be a program that does not exist', async () => {
    await assert.rejects(start('', { command: join(folder, 'nothing') }), { code: 'ENOENT' });
  });
});
