import assert from 'node:assert/strict';
import { isSelected } from '../../../operator/kubernetes/selection.ts';

describe('isSelected', () => {
  const object = { metadata: { namespace: 'n', name: 'o', labels: { app: 'web', 'kube-ec2.io/x': '' } }, type: 'kube-ec2.io/access-key' };
  const cases: Record<string, { selection: Parameters<typeof isSelected>[0]; want: boolean | undefined }> = {
    'no selection takes all': { selection: {}, want: true },
    'its namespace': { selection: { namespace: 'n' }, want: true },
    'another namespace': { selection: { namespace: 'm' }, want: false },
    'a label with the value': { selection: { labelSelector: 'app=web' }, want: true },
    'a label with another value': { selection: { labelSelector: 'app==api' }, want: false },
    'a label that is not the value': { selection: { labelSelector: 'app!=api' }, want: true },
    'a label that is there, though empty': { selection: { labelSelector: 'kube-ec2.io/x' }, want: true },
    'a label that is not there': { selection: { labelSelector: 'other' }, want: false },
    'a label that must not be there': { selection: { labelSelector: '!app' }, want: false },
    'all terms must hold': { selection: { labelSelector: 'app=web,!other' }, want: true },
    'a field': { selection: { fieldSelector: 'type=kube-ec2.io/access-key' }, want: true },
    'an inner field': { selection: { fieldSelector: 'metadata.name=p' }, want: false },
    'a set-based term is not understood': { selection: { labelSelector: 'app in (web,api)' }, want: undefined },
  };
  for (const [name, { selection, want }] of Object.entries(cases)) it(name, () => assert.equal(isSelected(selection, object), want));
});
