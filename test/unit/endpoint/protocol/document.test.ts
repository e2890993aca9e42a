import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { documentFrom, readDocument } from '../../../../operator/endpoint/protocol/document.ts';
import { cborForm, jsonForm } from '../../../../operator/endpoint/protocol/document-forms.ts';
import { withPlainBody } from '../../../../operator/endpoint/protocol/plain-body.ts';
import { loadService } from '../../../../operator/endpoint/protocol/registry.ts';

const datum = (fields: object): object => ({ Namespace: 'n', MetricData: [{ MetricName: 'm', ...fields }] });

describe('a request in JSON or CBOR', () => {
  const wrong: Record<string, { document: unknown; form?: typeof jsonForm; want: RegExp }> = {
    'a list': { document: [], want: /^MalformedQueryString: / },
    'a number for a text': { document: { Namespace: 5 }, want: /^ValidationError: Value '5' at 'namespace' is invalid\. It must be a text\./ },
    'an object for a list': { document: { Namespace: 'n', MetricData: {} }, want: /'metricData' is invalid\. It must be a list/ },
    'a text for a number': { document: datum({ Value: '1' }), want: /Value '1' at 'metricData\.1\.member\.value' is invalid\. It must be a number/ },
    'a number that is none': { document: datum({ Value: NaN }), form: cborForm, want: /It must be a number/ },
    'a day that is none': { document: datum({ Timestamp: '2026-02-30T00:00:00Z' }), want: /It must be a time/ },
    'a time beyond all dates': { document: datum({ Timestamp: 1e300 }), want: /It must be a time/ },
    'a plain number for a time in CBOR': { document: datum({ Timestamp: 1 }), form: cborForm, want: /It must be a time/ },
  };
  for (const [name, { document, form = jsonForm, want }] of Object.entries(wrong)) {
    it(`is refused for ${name}`, async () => {
      const { operations, wording } = await loadService('monitoring');
      const plan = operations.get('PutMetricData')?.input;
      assert.throws(() => readDocument(document, plan, form, wording), (error: Error & { code?: string }) => want.test(`${error.code ?? ''}: ${error.message}`) || assert.fail(error.message));
    });
  }

  it('tells what is missing and what nobody knows, in the names of the query form', async () => {
    const { operations, wording } = await loadService('monitoring');
    const plan = operations.get('PutMetricData')?.input;
    const { input, missing, unknown } = readDocument({ MetricData: [{ Colour: 'red', Value: null }, null], constructor: 1 }, plan, jsonForm, wording);
    assert.deepEqual(input, { MetricData: [{}] });
    assert.deepEqual(missing, ['Namespace', 'MetricData.member.1.MetricName']);
    assert.deepEqual(unknown, ['MetricData.member.1.Colour', 'constructor']);
    assert.match(wording.missing(missing).message, /^2 validation errors detected: Value null at 'namespace' failed .*'metricData\.1\.member\.metricName'/);
  });

  it('is answered with empty lists and without an empty page token', async () => {
    const { operations } = await loadService('monitoring');
    const output = operations.get('DescribeAlarms')?.output;
    assert.deepEqual(documentFrom({ NextToken: '' }, output, jsonForm), { CompositeAlarms: [], LogAlarms: [], MetricAlarms: [] });
    assert.deepEqual(documentFrom(undefined, undefined, jsonForm), {});
    assert.throws(() => documentFrom({ MetricAlarms: 'secret' }, output, jsonForm), /^TypeError: MetricAlarms must be an array$/);
  });
});

describe('withPlainBody', () => {
  const request = (body: Uint8Array, coding?: string) => ({ method: 'POST', url: '/', headers: coding === undefined ? {} : { 'content-encoding': [coding] }, body });
  const code = (want: string) => (error: Error & { code?: string }) => error.code === want || assert.fail(String(error));

  it('inflates gzip where clients compress, up to a limit', async () => {
    assert.equal(Buffer.from((await withPlainBody(request(gzipSync('{}'), 'gzip'), true)).body).toString(), '{}');
    assert.equal(Buffer.from((await withPlainBody(request(Buffer.from('x')), false)).body).toString(), 'x');
    await assert.rejects(withPlainBody(request(gzipSync(Buffer.alloc(3_000_000)), 'gzip'), true), code('RequestEntityTooLarge'));
    await assert.rejects(withPlainBody(request(Buffer.from('x'), 'gzip'), true), code('InvalidRequest'));
    await assert.rejects(withPlainBody(request(gzipSync('{}'), 'gzip'), false), code('InvalidRequest'));
    await assert.rejects(withPlainBody(request(gzipSync('{}'), 'br'), true), code('InvalidRequest'));
  });
});
