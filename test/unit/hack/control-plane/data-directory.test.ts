import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDirectory, removeDataDirectory } from '../../../../hack/control-plane/data-directory.ts';
import { isAlive, processIdentity } from '../../../../hack/control-plane/process-identity.ts';
import { writeRunFile } from '../../../../hack/control-plane/run-file.ts';

const quiet = (): void => undefined;

describe('data directory', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kube-ec2-data-'))));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const sleeper = async (): Promise<ChildProcess & { pid: number }> => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    children.push(child);
    await new Promise((resolve) => child.once('spawn', resolve));
    return child as ChildProcess & { pid: number };
  };

  it('is refused while another process has it, naming that one', async () => {
    const { pid } = await sleeper();
    writeFileSync(join(folder, 'lock.json'), JSON.stringify(processIdentity(pid)));
    await assert.rejects(openDataDirectory(folder, quiet), new RegExp(`in use by process ${String(pid)};`));
  });

  it('is taken over from a process that is gone, also if its id is in use again', async () => {
    const { pid } = await sleeper();
    writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid, startedAt: 'long ago' }));
    const data = await openDataDirectory(folder, quiet);
    assert.equal(data.path, folder);
    data.release();
    assert.equal(existsSync(join(folder, 'lock.json')), false);
  });

  it('is taken over from a process that died while it wrote its name', async () => {
    writeFileSync(join(folder, 'lock.json'), '{"pid":');
    (await openDataDirectory(folder, quiet)).release();
  });

  it('is freed of what a killed run left behind, and of nothing else', async () => {
    const [left, other] = [await sleeper(), await sleeper()];
    writeRunFile(folder, { ...identityOf(left.pid), name: 'left', stopOrder: 1 });
    writeRunFile(folder, { pid: other.pid, startedAt: 'long ago', name: 'other', stopOrder: 1 });
    const lines: string[] = [];
    (await openDataDirectory(folder, (line) => lines.push(line))).release();
    assert.equal(isAlive({ pid: left.pid, startedAt: identityOf(other.pid).startedAt }), false);
    assert.equal(left.signalCode ?? (await new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)))), 'SIGTERM');
    assert.notEqual(processIdentity(other.pid), undefined);
    assert.deepEqual(lines, ['ended what an earlier run left behind: left']);
  });

  it('is removed with what a control plane keeps in it', async () => {
    (await openDataDirectory(folder, quiet)).release();
    writeFileSync(join(folder, 'ports.json'), '{}');
    await removeDataDirectory(folder, quiet);
    assert.equal(existsSync(folder), false);
  });

  it('is not removed with what somebody else keeps in it', async () => {
    writeFileSync(join(folder, 'thesis.tex'), '');
    await assert.rejects(removeDataDirectory(folder, quiet), /thesis\.tex/);
    assert.equal(existsSync(join(folder, 'thesis.tex')), true);
  });
});

function identityOf(pid: number): { pid: number; startedAt: string } {
  const identity = processIdentity(pid);
  assert.ok(identity);
  return identity;
}
