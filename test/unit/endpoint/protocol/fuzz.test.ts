import assert from 'node:assert/strict';
import { AwsError } from '../../../../operator/endpoint/errors.ts';
import { decode } from '../../../../operator/endpoint/protocol/decode.ts';
import { MalformedForm, parseForm, treeFrom } from '../../../../operator/endpoint/protocol/form.ts';
import { redact } from '../../../../operator/endpoint/protocol/redact.ts';
import { loadService } from '../../../../operator/endpoint/protocol/registry.ts';
import { seededRandom } from '../../../conformance/random-values.ts';

const runs = 20_000;
// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/unit/endpoint/protocol/fuzz.test.ts
const seed = Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1);
const names = ['InstanceId', 'Filter', 'Name', 'Value', 'Placement', 'BlockDeviceMapping', 'Ebs', 'VolumeSize', 'MinCount', 'DryRun', 'member', 'entry', 'Tags',
  'TagSpecification', 'Tag', 'key', 'value', 'UserData', 'StartTime', '1', '2', '0', '-1', '999999999', '9999999999', '01', '', ' ', '__proto__', 'constructor', 'toString', 'length'];
const values = ['', '1', 'true', 'x', '-1', '1e999', '%', '%00', '%ff', '%F0%9F%A6%80', '+', '2026-01-01T00:00:00Z', 'YQ==', '='.repeat(50), 'x'.repeat(5000), '\u0000', '&', ';'];

describe('the decoder, fed with nonsense', () => {
  it(`answers ${runs} hostile forms with a value or an error of the protocol, and leaves prototypes alone`, async () => {
    const services = await Promise.all([loadService('ec2'), loadService('autoscaling'), loadService('sts')]);
    const random = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const outcomes = { value: 0, error: 0 };
    for (let run = 0; run < runs; run += 1) {
      const service = pick(services);
      const plan = pick([...service.operations.values()]);
      const known = [...(plan.input?.membersByRequestName.keys() ?? [])];
      const name = () => Array.from({ length: Math.floor(random() ** 2 * 8) }, () => pick(names)).reduce((path, part) => `${path}.${part}`, known.length > 0 && random() < 0.8 ? pick(known) : pick(names));
      const form = Array.from({ length: Math.floor(random() * 12) }, () => `${name()}${random() < 0.95 ? '=' : ''}${pick(values)}`).join(random() < 0.99 ? '&' : ';');
      try {
        const { input } = decode(treeFrom(parseForm(form)), plan.input, service.dialect);
        if (plan.input) redact(plan.input, input);
        outcomes.value += 1;
      } catch (error) {
        if (!(error instanceof AwsError || error instanceof MalformedForm)) assert.fail(`${plan.name} ${form}: ${String(error)}`);
        if (error instanceof AwsError) assert.ok(error.status >= 400 && error.status < 500 && error.message.length < 1000);
        outcomes.error += 1;
      }
    }
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
    assert.ok(outcomes.value > runs / 20 && outcomes.error > runs / 20, JSON.stringify(outcomes));
  }).timeout(60_000);
});
