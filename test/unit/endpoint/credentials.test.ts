import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../../operator/api/shared.ts';
import { credentialsFrom } from '../../../operator/endpoint/credentials.ts';
import { isUnavailable } from '../../../operator/kubernetes/errors.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function anAccount(name: string, accountId: string, status: object | undefined = { accountId, namespace: name }): KubernetesObject {
  return { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Account', metadata: { name }, spec: { accountId }, ...(status && { status }) } as KubernetesObject;
}

function aKey(namespace: string, accountId: string, options: { name?: string; type?: string; data?: Record<string, string> } = {}): KubernetesObject {
  const { name = 'root-key', type = 'kube-ec2.io/access-key', data } = options;
  const values = { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'hush', ...data };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'kube-ec2.io/account-id': accountId } },
    type,
    data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)])),
  } as KubernetesObject;
}

const main = anAccount('main', '123456789012');
const other = anAccount('other', '210987654321');

const cases: Readonly<Record<string, { objects: KubernetesObject[]; want: object | undefined }>> = {
  "speaks for the account with the account's own key": {
    objects: [main, other, aKey('main', '123456789012')],
    want: {
      accountId: '123456789012',
      namespace: 'main',
      arn: 'arn:aws:iam::123456789012:root',
      userId: '123456789012',
      accessKeyId: 'AKIAABCDEFGHIJKLMNOP',
      kubernetesUser: 'system:serviceaccount:main:kube-ec2-root',
    },
  },
  "speaks for a user with that user's key": {
    objects: [main, aKey('main', '123456789012', { data: { userName: 'reader' } })],
    want: {
      accountId: '123456789012',
      namespace: 'main',
      arn: 'arn:aws:iam::123456789012:user/reader',
      userId: 'AIDA7B75IMZYJP7XLXGFH',
      accessKeyId: 'AKIAABCDEFGHIJKLMNOP',
      kubernetesUser: 'system:serviceaccount:main:reader',
    },
  },
  'knows no key where there is no Secret': { objects: [main], want: undefined },
  'takes no Secret of another type': { objects: [main, aKey('main', '123456789012', { type: 'Opaque' })], want: undefined },
  "takes no key that names another account than its namespace's": { objects: [main, other, aKey('other', '123456789012')], want: undefined },
  'takes no key in a namespace that no account has': { objects: [main, aKey('elsewhere', '123456789012')], want: undefined },
  'takes no key before the controller has confirmed the account': { objects: [anAccount('main', '123456789012', {}), aKey('main', '123456789012')], want: undefined },
  'takes no key without a secret': { objects: [main, aKey('main', '123456789012', { data: { secretAccessKey: '' } })], want: undefined },
  'takes neither of two keys with one id': {
    objects: [main, other, aKey('main', '123456789012'), aKey('other', '210987654321')],
    want: undefined,
  },
  'is not disturbed by a copy where no account is': { objects: [main, aKey('main', '123456789012'), aKey('elsewhere', '123456789012')], want: { accountId: '123456789012' } },
};

describe('credentialsFrom', () => {
  for (const [name, { objects, want }] of Object.entries(cases)) {
    it(name, async () => {
      const found = await credentialsFrom(new FakeCluster({ objects }), () => true).find('AKIAABCDEFGHIJKLMNOP');
      if (want === undefined) assert.equal(found, undefined);
      else assert.deepEqual({ ...found?.caller }, { ...found?.caller, ...want });
      if (want !== undefined) assert.equal(found?.secretAccessKey, 'hush');
    });
  }

  it('says that it does not know while the cache is behind, but for keys that are in it', async () => {
    const credentials = credentialsFrom(new FakeCluster({ objects: [main, aKey('main', '123456789012')] }), () => false);
    assert.equal((await credentials.find('AKIAABCDEFGHIJKLMNOP'))?.secretAccessKey, 'hush');
    for (const token of [undefined, 'a-token']) await assert.rejects(credentials.find('AKIAUNKNOWN', token), isUnavailable);
  });
});
