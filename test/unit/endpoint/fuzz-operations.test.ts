import assert from 'node:assert/strict';
import { awsErrorFrom } from '../../../operator/endpoint/aws-error-from.ts';
import { ec2Operations } from '../../../operator/endpoint/ec2/operations.ts';
import { AwsError } from '../../../operator/endpoint/errors.ts';
import type { OperationTable } from '../../../operator/endpoint/operation.ts';
import { decode } from '../../../operator/endpoint/protocol/decode.ts';
import { encode } from '../../../operator/endpoint/protocol/encode.ts';
import { MalformedForm, parseForm, treeFrom } from '../../../operator/endpoint/protocol/form.ts';
import { loadService } from '../../../operator/endpoint/protocol/registry.ts';
import { seededRandom } from '../../conformance/random-values.ts';
import { anAmi, aNode, anInstanceType, theAccount } from '../../support/cluster-objects.ts';
import { hastyClock } from '../../support/fake-clock.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { anInstance, aSecurityGroup } from '../../support/instance-objects.ts';
import { mutated } from '../../support/mutated-form.ts';
import { operationContext } from '../../support/operation-context.ts';

const RUNS_EACH = 150;
// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/unit/endpoint/fuzz-operations.test.ts
const seed = Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1);
const IDS = ['i-00000000000000001', 'i-00000000000000002', 'ami-00000000000000001', 'ami-00000000000000002', 'sg-00000000000000001'];

function clusterOf(): FakeCluster {
  return new FakeCluster({
    objects: [
      theAccount(),
      anAmi('ami-00000000000000001'),
      anAmi('ami-00000000000000002', { source: { persistentVolumeClaim: { claimName: 'disk' } } }),
      anInstanceType('t3.micro'),
      aNode('node-1', { zone: 'us-east-1a' }),
      aSecurityGroup('sg-00000000000000001', { groupName: 'default' }),
      anInstance('i-00000000000000001'),
      anInstance('i-00000000000000002', { powerState: 'stopped', status: { state: 'stopped' } }),
    ],
  });
}

/** What the pipeline does between signature and answer, with writes that go through. */
async function codeFor(action: string, form: string): Promise<string> {
  const service = await loadService('ec2');
  const plan = service.operations.get(action) ?? assert.fail(action);
  const operation = (ec2Operations as OperationTable)[action] ?? assert.fail(action);
  try {
    const { input, missing } = decode(treeFrom(parseForm(form)), plan.input, service.dialect);
    if (missing.length > 0) throw service.dialect.missing(missing);
    const output = await operation.run(input as never, operationContext(clusterOf(), { clock: hastyClock() }));
    encode(service, plan, output, 'request');
    return 'none';
  } catch (error) {
    if (error instanceof MalformedForm) return 'malformed';
    if (error instanceof AwsError) return error.code;
    const translated = awsErrorFrom(error, service.dialect, { callerArn: '', serviceName: 'ec2', action });
    if (translated.status >= 500) throw error;
    return translated.code;
  }
}

describe('every EC2 operation, fed with nonsense that is carried out,', () => {
  for (const action of Object.keys(ec2Operations)) {
    it(`${action} answers, or says in EC2's words why not`, async () => {
      const random = seededRandom(seed);
      for (let run = 0; run < RUNS_EACH; run += 1) {
        const parameters = mutated(action, random, IDS);
        delete parameters['DryRun'];
        const form = new URLSearchParams(parameters).toString();
        const code = await codeFor(action, form).catch((error: unknown) => assert.fail(`${action} ${form}: ${String((error as Error).stack)}`));
        assert.match(code, /^[A-Za-z0-9.]+$/, form);
      }
    }).timeout(60_000);
  }
});
