import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bitString, booleanTrue, element, explicit, implicit, integer, objectIdentifier, octetString, sequence, setOf, utcTime, utf8String,
} from './der.ts';

/** Who a certificate is for and what it may be used for. */
export interface CertificateRequest {
  /** Kubernetes takes it as the user's name. */
  commonName: string;
  /** Kubernetes takes them as the user's groups. */
  organizations?: readonly string[];
  dnsNames?: readonly string[];
  /** IPv4 only. */
  ipAddresses?: readonly string[];
  usages: readonly ('server' | 'client')[];
}

/** A certificate and its private key, both PEM. */
export interface CertificateAndKey {
  certificate: string;
  key: string;
}

/** Paths of a certificate and its key. */
export interface CertificateFiles {
  certificateFile: string;
  keyFile: string;
}

/** Signs certificates. Node.js can read X.509 but not make it, and the machine need not have openssl: hence our own, with EC P-256 keys. */
export interface CertificateAuthority {
  certificateFile: string;
  /** PEM. */
  certificate: string;
  issue(request: CertificateRequest): CertificateAndKey;
  /** Like `issue`, into `<folder>/<name>.crt` and `.key`; a pair that is there already is kept. */
  issueFiles(name: string, request: CertificateRequest): CertificateFiles;
}

const VALID_YEARS = 10;
const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** Opens the authority stored as `<folder>/<name>.crt` and `.key`, or creates it. The folder is for its owner only. */
export function openCertificateAuthority(folder: string, name: string): CertificateAuthority {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { certificateFile, keyFile } = filesOf(folder, name);
  if (!existsSync(certificateFile) || !existsSync(keyFile)) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const certificate = certificateFor({ commonName: `kube-ec2 ${name}` }, pair.publicKey, `kube-ec2 ${name}`, pair.privateKey);
    write(folder, name, { certificate, key: pemOf(pair.privateKey) });
  }
  const key = createPrivateKey(readFileSync(keyFile));
  const issue = (request: CertificateRequest): CertificateAndKey => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { certificate: certificateFor(request, pair.publicKey, `kube-ec2 ${name}`, key), key: pemOf(pair.privateKey) };
  };
  return {
    certificateFile,
    certificate: readFileSync(certificateFile, 'utf8'),
    issue,
    issueFiles: (fileName, request) => {
      const files = filesOf(folder, fileName);
      if (!existsSync(files.certificateFile) || !existsSync(files.keyFile)) write(folder, fileName, issue(request));
      return files;
    },
  };
}

/** A key for signing ServiceAccount tokens: `<folder>/<name>.key` and `.pub`, created if absent. */
export function openSigningKey(folder: string, name: string): { privateKeyFile: string; publicKeyFile: string } {
  const files = { privateKeyFile: join(folder, `${name}.key`), publicKeyFile: join(folder, `${name}.pub`) };
  if (existsSync(files.privateKeyFile) && existsSync(files.publicKeyFile)) return files;
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(files.privateKeyFile, pemOf(pair.privateKey), { mode: 0o600 });
  writeFileSync(files.publicKeyFile, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  return files;
}

function filesOf(folder: string, name: string): CertificateFiles {
  return { certificateFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
}

function write(folder: string, name: string, pair: CertificateAndKey): void {
  const files = filesOf(folder, name);
  writeFileSync(files.keyFile, pair.key, { mode: 0o600 });
  writeFileSync(files.certificateFile, pair.certificate);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The certificate in PEM. A request without usages is that of the authority itself. */
function certificateFor(
  request: Omit<CertificateRequest, 'usages'> & { usages?: CertificateRequest['usages'] },
  publicKey: KeyObject,
  issuer: string,
  issuerKey: KeyObject,
): string {
  const start = new Date(Date.now() - 3_600_000); // an hour of slack for clocks that differ
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + VALID_YEARS);
  const signed = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(utcTime(start), utcTime(end)),
    nameOf(request.commonName, request.organizations),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensionsFor(request, publicKey, issuerKey))),
  );
  const signature = sign('sha256', signed, { key: issuerKey, dsaEncoding: 'der' });
  const der = sequence(signed, ecdsaWithSha256, bitString(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function nameOf(commonName: string, organizations: readonly string[] = []): Buffer {
  const attribute = (identifier: string, value: string): Buffer => setOf(sequence(objectIdentifier(identifier), utf8String(value)));
  return sequence(...organizations.map((organization) => attribute('2.5.4.10', organization)), attribute('2.5.4.3', commonName));
}

function extensionsFor(
  request: { dnsNames?: readonly string[]; ipAddresses?: readonly string[]; usages?: CertificateRequest['usages'] },
  publicKey: KeyObject,
  issuerKey: KeyObject,
): Buffer[] {
  const isAuthority = request.usages === undefined;
  const extension = (identifier: string, critical: boolean, value: Buffer): Buffer =>
    sequence(objectIdentifier(identifier), ...(critical ? [booleanTrue] : []), octetString(value));
  const extensions = [
    extension('2.5.29.19', true, sequence(...(isAuthority ? [booleanTrue] : []))),
    // keyCertSign and cRLSign for an authority, digitalSignature for everyone else
    extension('2.5.29.15', true, isAuthority ? bitString(Buffer.from([0x06]), 1) : bitString(Buffer.from([0x80]), 7)),
    extension('2.5.29.14', false, octetString(identifierOf(publicKey))),
    extension('2.5.29.35', false, sequence(implicit(0, identifierOf(createPublicKey(issuerKey))))),
  ];
  const usageIdentifiers = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };
  if (request.usages) {
    extensions.push(extension('2.5.29.37', false, sequence(...request.usages.map((usage) => objectIdentifier(usageIdentifiers[usage])))));
  }
  const alternativeNames = [
    ...(request.dnsNames ?? []).map((name) => implicit(2, Buffer.from(name, 'ascii'))),
    ...(request.ipAddresses ?? []).map((address) => implicit(7, Buffer.from(address.split('.').map(Number)))),
  ];
  if (alternativeNames.length > 0) extensions.push(extension('2.5.29.17', false, element(0x30, ...alternativeNames)));
  return extensions;
}

function identifierOf(publicKey: KeyObject): Buffer {
  return createHash('sha1').update(publicKey.export({ type: 'spki', format: 'der' })).digest();
}
