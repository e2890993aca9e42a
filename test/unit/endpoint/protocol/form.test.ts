import assert from 'node:assert/strict';
import { MalformedForm, formLimits, parseForm, treeFrom } from '../../../../operator/endpoint/protocol/form.ts';

describe('parseForm', () => {
  const cases: Readonly<Record<string, { form: string; want: [string, string][] }>> = {
    'takes plus and %20 for a blank, and %2B for a plus': { form: 'a=1+2%203%2B', want: [['a', '1 2 3+']] },
    'splits at the first equals sign only': { form: 'a=b=c', want: [['a', 'b=c']] },
    'reads a name without a value': { form: 'a&b=', want: [['a', ''], ['b', '']] },
    'skips empty places': { form: '&&a=1&&', want: [['a', '1']] },
    'decodes names too': { form: 'tag%3Aa=%D1%8F', want: [['tag:a', 'я']] },
    'reads nothing out of nothing': { form: '', want: [] },
  };
  for (const [name, { form, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(parseForm(form), want));

  it('refuses a broken escape', () => assert.throws(() => parseForm('a=%zz'), MalformedForm));
  it('refuses an escape that is not UTF-8', () => assert.throws(() => parseForm('a=%ff%fe'), MalformedForm));
  it('takes as many parameters as the limit and not one more', () => {
    assert.equal(parseForm('a=1&'.repeat(formLimits.parameters)).length, formLimits.parameters);
    assert.throws(() => parseForm('a=1&'.repeat(formLimits.parameters + 1)), MalformedForm);
  });
});

describe('treeFrom', () => {
  it('refuses a parameter that is given twice', () => assert.throws(() => treeFrom([['a.1', 'x'], ['a.1', 'x']]), /a\.1 is given more than once/));
  it('refuses a name that is too deep', () => {
    const name = (segments: number) => Array.from({ length: segments }, () => 'a').join('.');
    assert.doesNotThrow(() => treeFrom([[name(formLimits.nameSegments), 'x']]));
    assert.throws(() => treeFrom([[name(formLimits.nameSegments + 1), 'x']]), MalformedForm);
  });
});
