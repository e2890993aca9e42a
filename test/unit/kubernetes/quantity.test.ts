import assert from 'node:assert/strict';
import { quantityFrom } from '../../../operator/kubernetes/quantity.ts';

describe('quantityFrom', () => {
  const cases: Record<string, { text: string | number | undefined; want: number | undefined }> = {
    'binary suffixes': { text: '512Mi', want: 512 * 2 ** 20 },
    'decimal suffixes': { text: '256G', want: 256e9 },
    'thousandths': { text: '3920m', want: 3.92 },
    'plain numbers': { text: '4', want: 4 },
    'numbers that are numbers already': { text: 4, want: 4 },
    'fractions': { text: '1.5Gi', want: 1.5 * 2 ** 30 },
    'fractions without a leading digit': { text: '.5', want: 0.5 },
    'exponents': { text: '12e6', want: 12e6 },
    'an exponent and not the suffix E': { text: '1E3', want: 1000 },
    'the suffix E': { text: '1E', want: 1e18 },
    'the suffix Ei': { text: '1Ei', want: 2 ** 60 },
    'signs': { text: '-1Ki', want: -1024 },
    'nothing': { text: undefined, want: undefined },
    'an empty text': { text: '', want: undefined },
    'words': { text: 'much', want: undefined },
    'a suffix that does not exist': { text: '1Xi', want: undefined },
    'two suffixes': { text: '1MiB', want: undefined },
  };
  for (const [name, { text, want }] of Object.entries(cases)) {
    it(`reads ${name}`, () => {
      const value = quantityFrom(text);
      if (want === undefined || value === undefined) assert.equal(value, want);
      else assert.ok(Math.abs(value - want) <= Math.abs(want) * 1e-12, String(value));
    });
  }
});
