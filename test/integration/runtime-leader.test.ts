import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { Cluster } from '../../operator/kubernetes/cluster.ts';
import { isNotFound } from '../../operator/kubernetes/errors.ts';
import { loadKubeConfig } from '../../operator/kubernetes/kube-config.ts';
import { ConfigMap, Lease } from '../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../operator/logger.ts';
import { sharedControlPlane } from '../support/control-plane.ts';
import { until } from '../support/until.ts';
import { installWidgets, Widget } from '../support/widget.ts';

const program = fileURLToPath(new URL('../support/widget-operator.ts', import.meta.url));

/** A process with the widget controller. */
class OperatorProcess {
  readonly identity: string;
  readonly child: ChildProcess;
  output = '';

  constructor(identity: string, kubeconfig: string) {
    this.identity = identity;
    this.child = spawn(process.execPath, [program, kubeconfig, identity], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

describe('managers that compete for a lease, as processes that are killed, suspended and stopped', () => {
  let controlPlane: ControlPlane;
  let cluster: Cluster;
  let processes: OperatorProcess[] = [];

  before(async () => {
    controlPlane = await sharedControlPlane();
    cluster = new Cluster(loadKubeConfig(controlPlane.kubeconfigPath), silentLogger());
    await installWidgets(cluster);
  });
  after(() => cluster.close());
  afterEach(async () => {
    await Promise.all(processes.map((operator) => operator.end('SIGKILL')));
    processes = [];
    for (const { metadata } of await widgets()) await cluster.write.remove(Widget, metadata);
    await cluster.write.remove(Lease, { namespace: 'default', name: 'widgets' }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // a test that failed before anybody led
    });
  });

  function start(identity: string): OperatorProcess {
    const operator = new OperatorProcess(identity, controlPlane.kubeconfigPath);
    processes.push(operator);
    return operator;
  }

  const widgets = async (): Promise<Widget[]> => (await cluster.listPage(Widget, { namespace: 'default' }, 0)).items as Widget[];
  const make = async (prefix: string, count: number): Promise<void> => {
    const names = Array.from({ length: count }, (_, position) => `${prefix}-${position}`);
    await Promise.all(names.map((name) => cluster.write.create(Widget, { metadata: { namespace: 'default', name }, spec: { size: 1 } })));
  };
  const allDone = async (): Promise<boolean> => (await widgets()).every(({ status, spec }) => status?.size === spec.size);

  async function requireOnePartEach(): Promise<void> {
    const expected = new Set((await widgets()).map(({ metadata }) => `part-${metadata.uid ?? ''}`));
    const { items } = await cluster.listPage(ConfigMap, { namespace: 'default' }, 0);
    const parts = items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ kind }) => kind === 'Widget') ?? false);
    const current = parts.filter(({ metadata }) => expected.has(metadata?.name ?? ''));
    assert.equal(current.length, expected.size);
    assert.equal(new Set(current.map(({ metadata }) => metadata?.ownerReferences?.[0]?.uid)).size, expected.size);
  }

  it('one leads; when it is killed in the middle of its work another takes over and finishes it', async () => {
    const first = start('first');
    await until('the first leads', () => first.output.includes('leading'), 90_000);
    const second = start('second');
    const making = make('a', 300);
    await until('some are done', async () => (await widgets()).some(({ status }) => status !== undefined));
    await first.end('SIGKILL');
    assert.equal(second.output, '');
    // Whatever the first has done before its end, there is something left.
    await Promise.all([making, make('z', 50)]);
    await until('the second leads', () => second.output.includes('leading'), 90_000);
    await until('all is done', allDone, 90_000);
    assert.deepEqual([...new Set((await widgets()).map(({ status }) => status?.by))].sort(), ['first', 'second']);
    await requireOnePartEach();
  });

  it('a leader that is suspended past its lease writes nothing when it wakes up, and ends', async () => {
    const first = start('first');
    await until('the first leads', () => first.output.includes('leading'), 90_000);
    const second = start('second');
    first.child.kill('SIGSTOP');
    await make('b', 50);
    await until('the second leads', () => second.output.includes('leading'), 90_000);
    const exited = once(first.child, 'exit');
    first.child.kill('SIGCONT');
    await make('c', 50);
    await exited;
    assert.deepEqual([first.child.exitCode, first.output.trim().split('\n')], [3, ['leading', 'lost']]);
    await until('all is done', allDone, 90_000);
    assert.deepEqual([...new Set((await widgets()).map(({ status }) => status?.by))], ['second']);
  });

  it('a leader that is stopped ends its passes and gives its lease back, so that the next need not wait', async () => {
    const first = start('first');
    await until('the first leads', () => first.output.includes('leading'), 90_000);
    const second = start('second');
    await make('d', 100);
    await until('the first is done', allDone, 90_000);
    assert.equal(await first.end('SIGTERM'), 0);
    const lease = await cluster.fetch(Lease, { namespace: 'default', name: 'widgets' });
    assert.ok(['', 'second'].includes(lease?.spec?.holderIdentity ?? ''), lease?.spec?.holderIdentity);
    await until('the second leads', () => second.output.includes('leading'), 90_000);
    await make('e', 20);
    await until('all is done', allDone, 90_000);
    await requireOnePartEach();
  });
});
