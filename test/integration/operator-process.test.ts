import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud } from '../support/cloud.ts';

const main = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));

/** Runs the operator until it ends by itself. */
async function runToEnd(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', KUBE_EC2_METRICS_PORT: '0', KUBE_EC2_ENDPOINT_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}

describe('the operator process', () => {
  let cloud: Cloud;

  /** It is ready before: it may have to wait for the lease of one that died. */
  const leads = async (): Promise<string> =>
    eventually('the controllers work', 60, async () => {
      const metrics = await cloud.operator.metrics();
      return /kube_ec2_reconcile_total\{/.test(metrics) ? metrics : undefined;
    });

  before(async () => {
    cloud = await sharedCloud();
  });

  const refusals: Record<string, { environment: () => Record<string, string>; want: RegExp }> = {
    'with wrong settings names the variable': { environment: () => ({ KUBE_EC2_ROLE: 'everything' }), want: /cannot start: KUBE_EC2_ROLE/ },
    'without a cluster says what to set': { environment: () => ({}), want: /cannot start: no cluster is named: set KUBECONFIG/ },
    'without rights says what to bind': {
      environment: () => ({ KUBECONFIG: cloud.controlPlane.kubeconfigFor('nobody') }),
      want: /cannot start: this identity may not list [a-z]+: bind the generated roles/,
    },
  };
  for (const [name, { environment, want }] of Object.entries(refusals)) {
    it(name, async () => {
      const { code, output } = await runToEnd(environment());
      assert.match(output, want);
      assert.equal(code, 2);
    });
  }

  it('gives its lease back when it is stopped in order, so that the next need not wait', async () => {
    interface Lease {
      spec: { holderIdentity?: string };
    }
    const path = '/apis/coordination.k8s.io/v1/namespaces/kube-ec2/leases/kube-ec2-controllers';
    const holder = async (): Promise<string | undefined> => (await cloud.controlPlane.client.get<Lease & { metadata: object }>(path)).spec.holderIdentity;
    await leads();
    assert.notEqual((await holder()) ?? '', '');
    await cloud.operator.stop();
    try {
      assert.equal((await holder()) ?? '', '');
    } finally {
      await cloud.operator.start();
    }
  });

  it('tells its health and metrics', async () => {
    const { metricsUrl } = cloud.operator;
    assert.equal((await fetch(`${metricsUrl}/healthz`)).status, 200);
    assert.equal((await fetch(`${metricsUrl}/readyz`)).status, 200);
    assert.match(await leads(), /kube_ec2_api_server_requests_total\{/);
  });
});
