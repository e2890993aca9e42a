import assert from 'node:assert/strict';
import { cbor } from '@smithy/core/cbor';
import { AwsError } from '../../../../operator/endpoint/errors.ts';
import { cborWire, jsonWire } from '../../../../operator/endpoint/protocol/document-wires.ts';
import { redact } from '../../../../operator/endpoint/protocol/redact.ts';
import { loadService, type OperationPlan, type Service } from '../../../../operator/endpoint/protocol/registry.ts';
import type { Wire } from '../../../../operator/endpoint/protocol/wire.ts';
import { seededRandom, type Random } from '../../../conformance/random-values.ts';

const RUNS_EACH = 15_000;
// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/unit/endpoint/protocol/fuzz-documents.test.ts
const seed = Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1);
const leaves: unknown[] = [null, true, false, 0, -1, 1e308, 1.5, 2 ** 53, '', 'x', '\u0000', 'x'.repeat(5000), '2026-01-01T00:00:00Z', 'NaN', 'Infinity', 1_700_000_000, [], {}, [[[]]], new Uint8Array(3)];
const oddNames = ['__proto__', 'constructor', 'toString', '', 'Namespace', 'length', 'a'.repeat(300)];

/** A document that looks much like a request and is wrong somewhere. */
function documentFor(plan: OperationPlan['input'], random: Random, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (!plan || depth > 5 || random() < 0.1) return pick(leaves);
  const entries = Array.from({ length: Math.floor(random() * 5) }, (): [string, unknown] => {
    const member = random() < 0.85 && plan.members.length > 0 ? pick(plan.members) : undefined;
    if (!member) return [pick(oddNames), pick(leaves)];
    const { plan: inner } = member;
    const item = inner.kind === 'list' ? inner.item : inner;
    const value = item.kind === 'structure' ? documentFor(item, random, depth + 1) : pick(leaves);
    return [member.name, inner.kind === 'list' && random() < 0.8 ? [value, value] : value];
  });
  return Object.fromEntries(entries);
}

/** Bytes that were flipped, cut or put in. */
function damaged(body: Uint8Array, random: Random): Uint8Array {
  const bytes = Uint8Array.from(body);
  for (let flips = Math.floor(random() * 4); flips > 0; flips -= 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

function judge(wire: Wire, service: Service, plan: OperationPlan, body: Uint8Array): 'value' | 'error' {
  const url = `/service/Model/operation/${plan.name}`;
  try {
    const { input } = wire.open({ method: 'POST', url, headers: { 'x-amz-target': [`Model.${plan.name}`] }, body: Buffer.from(body) }, service).inputFor(service, plan);
    if (plan.input) redact(plan.input, input);
    return 'value';
  } catch (error) {
    if (!(error instanceof AwsError)) assert.fail(`${plan.name} ${Buffer.from(body).toString('hex').slice(0, 400)}: ${String((error as Error).stack)}`);
    assert.ok(error.status >= 400 && error.status < 500 && error.message.length < 1000, error.message.slice(0, 2000));
    return 'error';
  }
}

describe('the decoders of documents, fed with nonsense', () => {
  const forms: Record<string, { wire: Wire; write: (document: unknown) => Uint8Array }> = {
    JSON: { wire: jsonWire, write: (document) => Buffer.from(JSON.stringify(document) ?? '') },
    CBOR: { wire: cborWire, write: (document) => cbor.serialize(document) },
  };
  for (const [name, { wire, write }] of Object.entries(forms)) {
    it(`answer ${String(RUNS_EACH)} hostile documents in ${name} with a value or an error of the service, and leave prototypes alone`, async () => {
      const services = await Promise.all([loadService('monitoring'), loadService('ssm')]);
      const random = seededRandom(seed);
      const outcomes = { value: 0, error: 0 };
      for (let run = 0; run < RUNS_EACH; run += 1) {
        const service = services[run % services.length] as Service;
        const plans = [...service.operations.values()];
        const plan = plans[Math.floor(random() * plans.length)] as OperationPlan;
        const body = write(documentFor(plan.input, random));
        outcomes[judge(wire, service, plan, random() < 0.3 ? damaged(body, random) : body)] += 1;
      }
      assert.equal(({} as Record<string, unknown>)['x'], undefined);
      assert.ok(outcomes.value > RUNS_EACH / 20 && outcomes.error > RUNS_EACH / 20, JSON.stringify(outcomes));
    }).timeout(60_000);
  }
});
