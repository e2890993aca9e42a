import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyFormat, KeyType } from '@aws-sdk/client-ec2';
import { openSshLine, sshPublicKeyFrom, sshPublicKeyOf } from '../../../../../operator/api/compute/ssh-public-key.ts';
import { createKeyPair } from '../../../../../operator/endpoint/ec2/key-pairs/CreateKeyPair.ts';
import { deleteKeyPair } from '../../../../../operator/endpoint/ec2/key-pairs/DeleteKeyPair.ts';
import { describeKeyPairs } from '../../../../../operator/endpoint/ec2/key-pairs/DescribeKeyPairs.ts';
import { importKeyPair } from '../../../../../operator/endpoint/ec2/key-pairs/ImportKeyPair.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import { KeyPair } from '../../../../../operator/kubernetes/resources.ts';
import { aKeyPair } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA0wj2sG2lxNhINtObUISAkJl3wELIEDjAvJKOnnoE8Z';
const ED25519_FINGERPRINT = '+k2rJac8Wtw7C+Qu2EWeJBNcaiZxG6gB6q911RqUb/8=';
const MATERIAL = Buffer.from(`${ED25519} me@host\n`);

function code(wanted: string, message?: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    if (message) assert.match(error.message, message);
    return true;
  };
}

describe('ImportKeyPair', () => {
  it('answers with the id that the key pair has from then on, and keeps what guests get', async () => {
    const cluster = new FakeCluster();
    const context = operationContext(cluster);
    const TagSpecifications = [{ ResourceType: 'key-pair' as const, Tags: [{ Key: 'team', Value: 'a' }] }];
    const imported = await importKeyPair({ KeyName: 'my key', PublicKeyMaterial: MATERIAL, TagSpecifications }, context);
    assert.equal(imported.KeyFingerprint, ED25519_FINGERPRINT);
    assert.match(imported.KeyPairId ?? '', /^key-[0-9a-f]{17}$/);
    const { KeyPairs } = await describeKeyPairs({ KeyPairIds: [imported.KeyPairId ?? ''], IncludePublicKey: true }, context);
    assert.deepEqual(KeyPairs?.map(({ CreateTime: _time, ...rest }) => rest), [
      {
        KeyPairId: imported.KeyPairId,
        KeyName: 'my key',
        KeyType: 'ed25519',
        KeyFingerprint: ED25519_FINGERPRINT,
        PublicKey: `${ED25519} my key`,
        Tags: [{ Key: 'team', Value: 'a' }],
      },
    ]);
    assert.ok(KeyPairs?.[0]?.CreateTime instanceof Date);
    assert.equal(cluster.list(KeyPair, NAMESPACE)[0]?.spec.publicKeyMaterial, `${ED25519} my key`);
  });

  const refused: Record<string, { KeyName?: string; material?: string; want: string; message?: RegExp }> = {
    'a name that a key pair made with kubectl has': { KeyName: 'taken', want: 'InvalidKeyPair.Duplicate', message: /^The keypair 'taken' already exists\.$/ },
    'material that is no key': { material: 'nonsense', want: 'InvalidKey.Format', message: /^Key is not in valid OpenSSH public key format/ },
    'an empty name': { KeyName: '', want: 'InvalidParameterValue' },
    'a name of 256 characters': { KeyName: 'a'.repeat(256), want: 'InvalidParameterValue', message: /255/ },
    'a name beyond ASCII': { KeyName: 'schlüssel', want: 'InvalidParameterValue', message: /ASCII/ },
    'a name with a line break': { KeyName: 'a\nb', want: 'InvalidParameterValue' },
    'a name that begins with a space': { KeyName: ' a', want: 'InvalidParameterValue', message: /space/ },
  };
  for (const [name, { KeyName = 'new', material, want, message }] of Object.entries(refused)) {
    it(`refuses ${name}, and writes nothing`, async () => {
      const cluster = new FakeCluster({ objects: [aKeyPair('taken', ED25519)] });
      const input = { KeyName, PublicKeyMaterial: material === undefined ? MATERIAL : Buffer.from(material) };
      await assert.rejects(importKeyPair(input, operationContext(cluster)), code(want, message));
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('takes a name that is taken in another account', async () => {
    const cluster = new FakeCluster({ objects: [aKeyPair('key', ED25519, { namespace: 'other' })] });
    assert.equal((await importKeyPair({ KeyName: 'key', PublicKeyMaterial: MATERIAL }, operationContext(cluster))).KeyName, 'key');
  });

  it('lets one of two calls at the same time win', async () => {
    const cluster = new FakeCluster();
    const calls = [1, 2].map(() => importKeyPair({ KeyName: 'new', PublicKeyMaterial: MATERIAL }, operationContext(cluster)));
    const results = await Promise.allSettled(calls);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    assert.ok(code('InvalidKeyPair.Duplicate')(lost?.reason));
    assert.equal(cluster.list(KeyPair).length, 1);
  });

  it('answers Duplicate when another replica was first and the cache does not know it yet', async () => {
    const cluster = new FakeCluster();
    cluster.failNext('create', 'KeyPair', new ApiError({ code: 409, reason: 'AlreadyExists', message: 'exists' }));
    await assert.rejects(importKeyPair({ KeyName: 'new', PublicKeyMaterial: MATERIAL }, operationContext(cluster)), code('InvalidKeyPair.Duplicate'));
  });
});

describe('CreateKeyPair', () => {
  const cases: Record<string, { KeyType?: KeyType; KeyFormat?: KeyFormat; begins: string; type: KeyType }> = {
    'an RSA key as PKCS#1 unless asked otherwise': { begins: '-----BEGIN RSA PRIVATE KEY-----\n', type: 'rsa' },
    'an ED25519 key in OpenSSH form': { KeyType: 'ed25519', begins: '-----BEGIN OPENSSH PRIVATE KEY-----\n', type: 'ed25519' },
    'an RSA key for PuTTY': { KeyFormat: 'ppk', begins: 'PuTTY-User-Key-File-2: ssh-rsa\n', type: 'rsa' },
    'an ED25519 key for PuTTY': { KeyType: 'ed25519', KeyFormat: 'ppk', begins: 'PuTTY-User-Key-File-2: ssh-ed25519\n', type: 'ed25519' },
  };
  for (const [name, { begins, type, ...options }] of Object.entries(cases)) {
    it(`makes ${name}`, async () => {
      const cluster = new FakeCluster();
      const context = operationContext(cluster);
      const created = await createKeyPair({ KeyName: 'k', ...options }, context);
      assert.ok(created.KeyMaterial?.startsWith(begins), created.KeyMaterial?.split('\n')[0]);
      const { KeyPairs } = await describeKeyPairs({ KeyNames: ['k'] }, context);
      assert.deepEqual([KeyPairs?.[0]?.KeyPairId, KeyPairs?.[0]?.KeyFingerprint, KeyPairs?.[0]?.KeyType], [created.KeyPairId, created.KeyFingerprint, type]);
    });
  }

  it('shows for RSA the SHA-1 of the private key, whose public half is what is stored', async () => {
    const cluster = new FakeCluster();
    const created = await createKeyPair({ KeyName: 'k' }, operationContext(cluster));
    const privateKey = createPrivateKey(created.KeyMaterial ?? '');
    const digest = createHash('sha1').update(privateKey.export({ format: 'der', type: 'pkcs8' })).digest('hex');
    assert.equal(created.KeyFingerprint?.replaceAll(':', ''), digest);
    assert.match(created.KeyFingerprint ?? '', /^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
    assert.equal(privateKey.asymmetricKeyDetails?.modulusLength, 2048);
    assert.equal(cluster.list(KeyPair)[0]?.spec.publicKeyMaterial, openSshLine(sshPublicKeyOf(createPublicKey(privateKey)), 'k'));
  });

  it('leaves the private key nowhere in the cluster', async () => {
    const cluster = new FakeCluster();
    const created = await createKeyPair({ KeyName: 'k' }, operationContext(cluster));
    const { d = '' } = createPrivateKey(created.KeyMaterial ?? '').export({ format: 'jwk' });
    assert.equal(cluster.writes.length, 1);
    const written = JSON.stringify(cluster.writes);
    assert.ok(!written.includes('PRIVATE') && !written.includes(d.slice(0, 20)) && !written.includes(created.KeyMaterial?.split('\n')[3] ?? '-'));
  });

  const refused: Record<string, { input: Record<string, string>; want: string }> = {
    'a taken name': { input: { KeyName: 'taken' }, want: 'InvalidKeyPair.Duplicate' },
    'a key type that EC2 does not have': { input: { KeyName: 'k', KeyType: 'dsa' }, want: 'InvalidParameterValue' },
    'a format that EC2 does not have': { input: { KeyName: 'k', KeyFormat: 'jwk' }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}, and writes nothing`, async () => {
      const cluster = new FakeCluster({ objects: [aKeyPair('taken', ED25519)] });
      await assert.rejects(createKeyPair({ KeyName: '', ...input }, operationContext(cluster)), code(want));
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('writes files that ssh-keygen reads', async function () {
    if (spawnSync('ssh-keygen', ['-V'], { stdio: 'ignore' }).error) {
      console.log('        skipped: ssh-keygen is not installed');
      this.skip();
    }
    const directory = mkdtempSync(join(tmpdir(), 'kube-ec2-keys-'));
    try {
      for (const KeyType of ['rsa', 'ed25519'] as const) {
        const cluster = new FakeCluster();
        const { KeyMaterial = '' } = await createKeyPair({ KeyName: 'k', KeyType }, operationContext(cluster));
        writeFileSync(join(directory, KeyType), KeyMaterial, { mode: 0o600 });
        const { stdout } = spawnSync('ssh-keygen', ['-y', '-f', join(directory, KeyType)]);
        const stored = sshPublicKeyFrom(cluster.list(KeyPair)[0]?.spec.publicKeyMaterial ?? '');
        assert.deepEqual(sshPublicKeyFrom(stdout), stored);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('DescribeKeyPairs', () => {
  const rsa = `ssh-rsa ${'AAAAB3NzaC1yc2EAAAADAQABAAAAgQDgYmaU6UHdA/Wro/FlgVdif0rZ7sFSTq8zm2SLKut+jKWUrNq8X83bYbwwMKJ8kW1ymSW4IZzArM15tYsus4o+gnU9M1lGLxZKXmLn4+TqMSxNbT6LNPlZhZkeF36T6shGYNkFdQDcjqhc/wVr0ZGkB27MkzZxtQ9Yqv04nWtCKQ=='}`;
  const objects = [
    aKeyPair('web', ED25519, { tags: [{ key: 'team', value: 'a' }] }),
    aKeyPair('key-0123456789abcdef0', rsa, { keyName: 'db' }),
    aKeyPair('broken', 'this is not a public key'),
    aKeyPair('foreign', ED25519, { namespace: 'other' }),
  ];
  const context = operationContext(new FakeCluster({ objects }));
  const cases: Record<string, { input: Parameters<typeof describeKeyPairs>[0]; want: string[] }> = {
    'lists the usable key pairs of the account, made with kubectl or not, by name': { input: {}, want: ['db', 'web'] },
    'finds by name, each once': { input: { KeyNames: ['web', 'web'] }, want: ['web'] },
    'finds by id': { input: { KeyPairIds: ['key-0123456789abcdef0'] }, want: ['db'] },
    'filters by id': { input: { Filters: [{ Name: 'key-pair-id', Values: ['key-0123456789abcdef0'] }] }, want: ['db'] },
    'filters by name with a wildcard': { input: { Filters: [{ Name: 'key-name', Values: ['w*'] }] }, want: ['web'] },
    'filters by fingerprint': { input: { Filters: [{ Name: 'fingerprint', Values: [ED25519_FINGERPRINT] }] }, want: ['web'] },
    'filters by tag': { input: { Filters: [{ Name: 'tag:team', Values: ['a'] }] }, want: ['web'] },
    'filters by tag key': { input: { Filters: [{ Name: 'tag-key', Values: ['team'] }] }, want: ['web'] },
    'combines names and filters': { input: { KeyNames: ['web'], Filters: [{ Name: 'key-name', Values: ['db'] }] }, want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => {
      const { KeyPairs } = await describeKeyPairs(input, context);
      assert.deepEqual(KeyPairs?.map(({ KeyName }) => KeyName), want);
    });
  }

  it('shows of two KeyPairs with one name the older, which is the one that instances get', async () => {
    const older = aKeyPair('z', rsa, { keyName: 'same' });
    const younger = aKeyPair('a', ED25519, { keyName: 'same' });
    younger.metadata.creationTimestamp = '2026-01-02T00:00:00Z';
    for (const input of [{}, { KeyNames: ['same'] }]) {
      const { KeyPairs } = await describeKeyPairs(input, operationContext(new FakeCluster({ objects: [younger, older] })));
      assert.deepEqual(KeyPairs?.map(({ KeyType }) => KeyType), ['rsa']);
    }
  });

  it('shows the public key only when asked', async () => {
    const [without, withKey] = await Promise.all([false, true].map((IncludePublicKey) => describeKeyPairs({ KeyNames: ['web'], IncludePublicKey }, context)));
    assert.equal(without?.KeyPairs?.[0]?.PublicKey, undefined);
    assert.equal(withKey?.KeyPairs?.[0]?.PublicKey, `${ED25519} web`);
  });

  const refused: Record<string, { input: Parameters<typeof describeKeyPairs>[0]; want: string; message: RegExp }> = {
    'an unknown name': { input: { KeyNames: ['web', 'nope'] }, want: 'InvalidKeyPair.NotFound', message: /^The key pair 'nope' does not exist$/ },
    'the name of a key pair of another account': { input: { KeyNames: ['foreign'] }, want: 'InvalidKeyPair.NotFound', message: /foreign/ },
    'an unknown id': { input: { KeyPairIds: ['key-00000000000000000'] }, want: 'InvalidKeyPair.NotFound', message: /key-00000000000000000/ },
    'a text that is no id': { input: { KeyPairIds: ['web'] }, want: 'InvalidParameterValue', message: /web/ },
    'an unknown filter': { input: { Filters: [{ Name: 'color', Values: ['red'] }] }, want: 'InvalidParameterValue', message: /color/ },
  };
  for (const [name, { input, want, message }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(describeKeyPairs(input, context), code(want, message)));
  }
});

describe('DeleteKeyPair', () => {
  const cases: Record<string, { input: Parameters<typeof deleteKeyPair>[0]; left: string[]; id?: string }> = {
    'removes by name': { input: { KeyName: 'web' }, left: ['key-0123456789abcdef0'] },
    'removes by id, and tells it': { input: { KeyPairId: 'key-0123456789abcdef0' }, left: ['web'], id: 'key-0123456789abcdef0' },
    'succeeds for a name that does not exist': { input: { KeyName: 'nope' }, left: ['key-0123456789abcdef0', 'web'] },
    'succeeds for an id that does not exist': { input: { KeyPairId: 'key-00000000000000000' }, left: ['key-0123456789abcdef0', 'web'] },
  };
  for (const [name, { input, left, id }] of Object.entries(cases)) {
    it(name, async () => {
      const cluster = new FakeCluster({ objects: [aKeyPair('web', ED25519), aKeyPair('key-0123456789abcdef0', ED25519, { keyName: 'db' })] });
      const result = await deleteKeyPair(input, operationContext(cluster));
      assert.equal(result.Return, true);
      if (id) assert.equal(result.KeyPairId, id);
      assert.deepEqual(cluster.list(KeyPair).map(({ metadata }) => metadata.name).sort(), left);
    });
  }

  it('leaves a key pair of the same name in another account alone', async () => {
    const cluster = new FakeCluster({ objects: [aKeyPair('web', ED25519, { namespace: 'other' })] });
    await deleteKeyPair({ KeyName: 'web' }, operationContext(cluster));
    assert.equal(cluster.list(KeyPair).length, 1);
  });

  it('counts a key pair that is gone in the meantime as removed', async () => {
    const cluster = new FakeCluster({ objects: [aKeyPair('web', ED25519)] });
    cluster.failNext('remove', 'KeyPair', new ApiError({ code: 404, reason: 'NotFound', message: 'gone' }));
    assert.equal((await deleteKeyPair({ KeyName: 'web' }, operationContext(cluster))).Return, true);
  });

  const refused: Record<string, { input: Parameters<typeof deleteKeyPair>[0]; want: string }> = {
    'neither name nor id': { input: {}, want: 'MissingParameter' },
    'both name and id': { input: { KeyName: 'web', KeyPairId: 'key-0123456789abcdef0' }, want: 'InvalidParameterCombination' },
    'a text that is no id': { input: { KeyPairId: 'web' }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(deleteKeyPair(input, operationContext(new FakeCluster())), code(want)));
  }
});
