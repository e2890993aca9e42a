import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, get, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { openCertificateAuthority, type CertificateAuthority, type CertificateRequest } from '../../../../hack/control-plane/certificate-authority.ts';

describe('certificate authority', () => {
  let folder: string;
  let authority: CertificateAuthority;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kube-ec2-pki-'));
    authority = openCertificateAuthority(folder, 'test-ca');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const requests: Record<string, { request: CertificateRequest; subject: string; names: string | undefined; usages: string[] }> = {
    'a user without groups': {
      request: { commonName: 'system:kube-scheduler', usages: ['client'] },
      subject: 'CN=system:kube-scheduler',
      names: undefined,
      usages: ['1.3.6.1.5.5.7.3.2'],
    },
    'a user with groups, in any script': {
      request: { commonName: 'Zoë', organizations: ['system:masters', 'β'], usages: ['client'] },
      subject: 'O=system:masters\nO=β\nCN=Zoë',
      names: undefined,
      usages: ['1.3.6.1.5.5.7.3.2'],
    },
    'a server with names and addresses': {
      request: { commonName: 'api', dnsNames: ['localhost', 'a.b.svc'], ipAddresses: ['127.0.0.1', '10.96.0.1'], usages: ['server', 'client'] },
      subject: 'CN=api',
      names: 'DNS:localhost, DNS:a.b.svc, IP Address:127.0.0.1, IP Address:10.96.0.1',
      usages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    },
  };
  for (const [name, { request, subject, names, usages }] of Object.entries(requests)) {
    it(`certifies ${name}`, () => {
      const certificate = new X509Certificate(authority.issue(request).certificate);
      assert.ok(certificate.verify(new X509Certificate(authority.certificate).publicKey));
      assert.equal(certificate.subject, subject);
      assert.equal(certificate.subjectAltName, names);
      assert.deepEqual(certificate.keyUsage, usages);
      assert.equal(certificate.ca, false);
      assert.ok(new Date(certificate.validFrom) < new Date() && new Date(certificate.validTo) > new Date(Date.now() + 9 * 365 * 86_400_000));
    });
  }

  it('is an authority itself', () => {
    const certificate = new X509Certificate(authority.certificate);
    assert.equal(certificate.ca, true);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(new X509Certificate(authority.issue({ commonName: 'x', usages: ['client'] }).certificate).checkIssued(certificate));
  });

  it('gives each certificate a serial number of its own', () => {
    const serials = Array.from({ length: 20 }, () => new X509Certificate(authority.issue({ commonName: 'x', usages: ['client'] }).certificate).serialNumber);
    assert.equal(new Set(serials).size, 20);
  });

  it('is the same when opened again, and keeps the files that it issued', () => {
    const request: CertificateRequest = { commonName: 'x', usages: ['client'] };
    const files = authority.issueFiles('x', request);
    const before = statSync(files.certificateFile).mtimeMs;
    const again = openCertificateAuthority(folder, 'test-ca');
    assert.equal(again.certificate, authority.certificate);
    assert.equal(statSync(again.issueFiles('x', request).certificateFile).mtimeMs, before);
    assert.equal(statSync(files.keyFile).mode & 0o777, 0o600);
  });

  it('lets TLS servers and clients know each other, and nobody else', async () => {
    const pair = authority.issue({ commonName: 'server', ipAddresses: ['127.0.0.1'], usages: ['server'] });
    const server = createServer({ cert: pair.certificate, key: pair.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      response.end(request.socket instanceof TLSSocket ? String(request.socket.getPeerCertificate().subject.CN) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      assert.equal(await answerOf(server, authority, authority), 'client');
      const stranger = openCertificateAuthority(folder, 'other-ca');
      await assert.rejects(answerOf(server, authority, stranger));
      await assert.rejects(answerOf(server, stranger, authority), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

/** What the server answers to a client that trusts one authority and has its certificate from another. */
async function answerOf(server: Server, trusted: CertificateAuthority, issuer: CertificateAuthority): Promise<string> {
  const { certificate, key } = issuer.issue({ commonName: 'client', usages: ['client'] });
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, ca: trusted.certificate, cert: certificate, key, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    }).on('error', reject);
  });
}
