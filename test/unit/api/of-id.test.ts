import assert from 'node:assert/strict';
import { ofId } from '../../../operator/api/of-id.ts';
import { anAmi } from '../../support/cluster-objects.ts';

const ID = 'ami-0123456789abcdef0';
const original = anAmi(ID, { namespace: 'amazon', creationTimestamp: '2026-01-01T00:00:00Z' });
const copy = anAmi(ID, { namespace: 'evil', creationTimestamp: '2026-01-01T00:00:01Z' });

describe('ofId', () => {
  const cases = {
    'is the oldest for everybody else': { candidates: [copy, original], namespace: 'acme', want: original },
    'is the own one for its namespace, even if younger': { candidates: [original, copy], namespace: 'evil', want: copy },
    'is nothing of nothing': { candidates: [], namespace: 'acme', want: undefined },
  };
  for (const [name, { candidates, namespace, want }] of Object.entries(cases)) {
    it(name, () => assert.equal(ofId(candidates, namespace), want));
  }
});
