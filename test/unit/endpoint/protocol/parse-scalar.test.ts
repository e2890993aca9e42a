import assert from 'node:assert/strict';
import { parseScalar } from '../../../../operator/endpoint/protocol/parse-scalar.ts';

const times: Readonly<Record<string, string | undefined>> = {
  '2026-01-02T03:04:05Z': '2026-01-02T03:04:05.000Z',
  '2026-01-02T03:04:05.6Z': '2026-01-02T03:04:05.600Z',
  '2026-01-02T03:04:05.285999999Z': '2026-01-02T03:04:05.285Z',
  '2026-01-02T03:04:05': '2026-01-02T03:04:05.000Z',
  '2026-01-02T03:04:05+02:00': '2026-01-02T01:04:05.000Z',
  '2026-01-02T03:04:05-0530': '2026-01-02T08:34:05.000Z',
  '2026-01-02': '2026-01-02T00:00:00.000Z',
  '2028-02-29T00:00:00Z': '2028-02-29T00:00:00.000Z',
  '0001-01-01T00:00:00Z': '0001-01-01T00:00:00.000Z',
  '1767323045.5': '2026-01-02T03:04:05.500Z',
  '2026-02-29T00:00:00Z': undefined,
  '2026-13-01T00:00:00Z': undefined,
  '2026-01-02T24:00:00Z': undefined,
  '2026-01-02T03:04:05+99:00': undefined,
  'yesterday': undefined,
  '99999999999999999': undefined,
  '': undefined,
};

describe('parseScalar', () => {
  for (const [text, want] of Object.entries(times)) {
    it(`${want === undefined ? 'refuses' : 'reads'} the time "${text}"`, () => {
      const result = parseScalar(text, 'timestamp');
      assert.equal('value' in result ? (result.value as Date).toISOString() : undefined, want);
    });
  }

  it('reads base64 with line breaks, as the base64 command prints it', () => {
    assert.deepEqual(parseScalar('aGVs\nbG8=\n', 'blob'), { value: new TextEncoder().encode('hello') });
  });
  it('refuses base64 whose length cannot be', () => assert.ok('problem' in parseScalar('aGVsbG8', 'blob')));
  it('reads decimals and exponents', () => assert.deepEqual(parseScalar('-1.5e3', 'number'), { value: -1500 }));
  it('refuses a number with a blank', () => assert.ok('problem' in parseScalar(' 1', 'number')));
});
