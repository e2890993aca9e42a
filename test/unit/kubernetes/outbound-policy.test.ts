import assert from 'node:assert/strict';
import { outboundHostOf, outboundPolicyFrom, publicOnly, refusalOfAddresses } from '../../../operator/kubernetes/outbound-policy.ts';

const verdictOf = (url: string, entries: string[] = []): string => {
  const found = outboundHostOf(url, outboundPolicyFrom(entries));
  return 'refusal' in found ? 'refused' : found.isAllowed ? 'allowed' : 'to resolve';
};

describe('where users may have the operator connect to', () => {
  const cases: Record<string, string> = {
    'https://images.example.com/debian.qcow2': 'to resolve',
    'https://images.example.com./debian.qcow2': 'to resolve',
    'docker://registry.example.com/debian:12': 'to resolve',
    'http://8.8.8.8/disk.img': 'allowed',
    'http://[2600::1]/disk.img': 'allowed',
    // Private, local, of the cloud's metadata, and reserved.
    'http://10.0.0.1/disk.img': 'refused',
    'http://172.16.5.5/disk.img': 'refused',
    'http://192.168.1.1:8080/disk.img': 'refused',
    'http://100.64.0.1/disk.img': 'refused',
    'http://127.0.0.1/disk.img': 'refused',
    'http://169.254.169.254/latest/meta-data/': 'refused',
    'http://0.0.0.0/disk.img': 'refused',
    'http://224.0.0.1/disk.img': 'refused',
    'http://255.255.255.255/disk.img': 'refused',
    'http://[::1]/disk.img': 'refused',
    'http://[fd00::1]/disk.img': 'refused',
    'http://[fe80::1]/disk.img': 'refused',
    // In other spellings.
    'http://2130706433/disk.img': 'refused',
    'http://0x7f.1/disk.img': 'refused',
    'http://0177.0.0.1/disk.img': 'refused',
    'http://[::ffff:10.0.0.1]/disk.img': 'refused',
    'http://[64:ff9b::a00:1]/disk.img': 'refused',
    'docker://2130706433/disk': 'refused',
    // Names of networks of their own.
    'http://localhost/disk.img': 'refused',
    'http://kubernetes/api': 'refused',
    'http://minio.storage.svc/disk.img': 'refused',
    'http://minio.storage.svc.cluster.local/disk.img': 'refused',
    'http://metadata.google.internal/': 'refused',
    'http://LOCALHOST./disk.img': 'refused',
    // Credentials and nonsense.
    'https://user:secret@images.example.com/disk.img': 'refused',
    'https://images.example.com@10.0.0.1/disk.img': 'refused',
    'https://': 'refused',
    'disk.img': 'refused',
  };
  for (const [url, want] of Object.entries(cases)) it(`${url} is ${want}`, () => assert.equal(verdictOf(url), want));

  it('what the configuration names is let in, and nothing beside it', () => {
    const entries = ['10.1.0.0/16', 'fd00:1::/32', 'minio.storage.svc', '*.corp.internal'];
    for (const url of ['http://10.1.2.3/x', 'http://[fd00:1::5]/x', 'http://minio.storage.svc/x', 'http://a.b.corp.internal/x']) assert.equal(verdictOf(url, entries), 'allowed', url);
    for (const url of ['http://10.2.2.3/x', 'http://corp.internal/x', 'http://evilcorp.internal/x', 'http://other.storage.svc/x', 'http://127.0.0.1/x']) assert.equal(verdictOf(url, entries), 'refused', url);
  });

  it('one private address among those of a name is enough to refuse it', () => {
    assert.equal(refusalOfAddresses(['93.184.216.34', '2600::1'], publicOnly), undefined);
    assert.match(refusalOfAddresses(['93.184.216.34', '169.254.169.254'], publicOnly) ?? '', /169\.254\.169\.254/);
  });

  it('a configuration that makes no sense is an error', () => {
    for (const entry of ['10.0.0.0/99', 'not a host', 'http://x.y']) assert.throws(() => outboundPolicyFrom([entry]), entry);
  });
});
