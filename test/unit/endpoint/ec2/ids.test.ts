import assert from 'node:assert/strict';
import { IdKinds, requireEach, requireOne, wellFormedIds } from '../../../../operator/endpoint/ec2/ids.ts';

const A = 'i-0123456789abcdef0';
const B = 'i-0123456789abcdef1';
const OLD = 'i-01234567';

describe('ids', () => {
  it('are taken once each, in the order of the request', () => assert.deepEqual(wellFormedIds(IdKinds.instance, [B, A, B, OLD]), [B, A, OLD]));
  it('may be absent', () => assert.deepEqual(wellFormedIds(IdKinds.instance, undefined), []));
  it('lead to their objects', () => assert.deepEqual(requireEach(IdKinds.instance, [B, A], (id) => `object ${id}`), [`object ${B}`, `object ${A}`]));
  it('one alone leads to its object', () => assert.equal(requireOne(IdKinds.instance, A, (id) => `object ${id}`), `object ${A}`));

  for (const id of ['', 'web', 'i-', 'i-123', 'i-0123456789ABCDEF0', 'i-0123456789abcdef01', 'ami-0123456789abcdef0', ' i-01234567', 'i-01234567\n', 'i-0123456g']) {
    it(`of this form are malformed: ${JSON.stringify(id)}`, () =>
      assert.throws(() => wellFormedIds(IdKinds.instance, [A, id]), { code: 'InvalidInstanceID.Malformed', message: `Invalid id: "${id}"` }));
  }

  const absent: Record<string, { kind: keyof typeof IdKinds; ids: string[]; code: string; message: string }> = {
    'one instance': { kind: 'instance', ids: [A], code: 'InvalidInstanceID.NotFound', message: `The instance ID '${A}' does not exist` },
    'two instances': { kind: 'instance', ids: [A, B, A], code: 'InvalidInstanceID.NotFound', message: `The instance IDs '${A}, ${B}' do not exist` },
    'one image': { kind: 'image', ids: ['ami-01234567'], code: 'InvalidAMIID.NotFound', message: "The image id '[ami-01234567]' does not exist" },
    'two images': { kind: 'image', ids: ['ami-01234567', 'ami-01234568'], code: 'InvalidAMIID.NotFound', message: "The image ids '[ami-01234567, ami-01234568]' do not exist" },
    'one security group': { kind: 'securityGroup', ids: ['sg-01234567'], code: 'InvalidGroup.NotFound', message: "The security group 'sg-01234567' does not exist" },
    'one key pair': { kind: 'keyPair', ids: ['key-01234567'], code: 'InvalidKeyPair.NotFound', message: "The key pair 'key-01234567' does not exist" },
    'one volume': { kind: 'volume', ids: ['vol-01234567'], code: 'InvalidVolume.NotFound', message: "The volume 'vol-01234567' does not exist." },
    'two volumes': { kind: 'volume', ids: ['vol-01234567', 'vol-01234568'], code: 'InvalidVolume.NotFound', message: "The volumes 'vol-01234567, vol-01234568' do not exist." },
    'one launch template': {
      kind: 'launchTemplate',
      ids: ['lt-01234567'],
      code: 'InvalidLaunchTemplateId.NotFound',
      message: 'The specified launch template, with template ID lt-01234567, does not exist.',
    },
  };
  for (const [name, { kind, ids, code, message }] of Object.entries(absent)) {
    it(`not found: ${name}`, () => assert.throws(() => requireEach(IdKinds[kind], ids, () => undefined), { code, message }));
  }

  const malformed: Record<string, { kind: keyof typeof IdKinds; code: string }> = {
    image: { kind: 'image', code: 'InvalidAMIID.Malformed' },
    'security group': { kind: 'securityGroup', code: 'InvalidGroupId.Malformed' },
    'key pair': { kind: 'keyPair', code: 'InvalidParameterValue' },
    volume: { kind: 'volume', code: 'InvalidParameterValue' },
    'launch template': { kind: 'launchTemplate', code: 'InvalidLaunchTemplateId.Malformed' },
  };
  for (const [name, { kind, code }] of Object.entries(malformed)) {
    it(`malformed: ${name}`, () => assert.throws(() => wellFormedIds(IdKinds[kind], ['x-1']), { code, message: /x-1/ }));
  }

  it('not found names only those that are absent', () =>
    assert.throws(() => requireEach(IdKinds.instance, [A, B], (id) => (id === A ? id : undefined)), { message: `The instance ID '${B}' does not exist` }));
});
