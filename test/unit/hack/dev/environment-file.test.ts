import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEnvironmentFile, type ClientSettings } from '../../../../hack/dev/environment-file.ts';

const settings: ClientSettings = {
  kubeconfig: '/tmp/kubeconfig',
  endpointUrl: 'http://127.0.0.1:8773',
  region: 'us-east-1',
  accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalr/+=', namespace: 'main' },
  binFolder: undefined,
};

describe('environment file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kube-ec2-env-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What a POSIX shell has in a variable after reading the file. */
  const valueOf = (variable: string, given: ClientSettings, environment: Record<string, string> = {}): string => {
    const file = join(folder, 'env');
    writeEnvironmentFile(file, given);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const script = `set -eu; . "$1"; . "$1"; printf %s "\${${variable}-unset}"`;
    return execFileSync('sh', ['-c', script, 'sh', file], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...environment } });
  };

  const cases: Record<string, { variable: string; settings?: Partial<ClientSettings>; environment?: Record<string, string>; want: string }> = {
    'names the endpoint': { variable: 'AWS_ENDPOINT_URL', want: 'http://127.0.0.1:8773' },
    'keeps the secret as it is': { variable: 'AWS_SECRET_ACCESS_KEY', want: 'wJalr/+=' },
    'keeps spaces and quotes of a path': { variable: 'KUBECONFIG', settings: { kubeconfig: "/tmp/it's $HOME/k" }, want: "/tmp/it's $HOME/k" },
    'drops the session of an earlier login': { variable: 'AWS_SESSION_TOKEN', environment: { AWS_SESSION_TOKEN: 'old' }, want: 'unset' },
    'has no key where there is no account': { variable: 'AWS_ACCESS_KEY_ID', settings: { accessKey: undefined }, want: 'unset' },
    'adds clients to PATH once': { variable: 'PATH', settings: { binFolder: '/tmp/my bin' }, want: '/usr/bin:/bin:/tmp/my bin' },
    'leaves PATH alone otherwise': { variable: 'PATH', want: '/usr/bin:/bin' },
  };
  for (const [name, { variable, settings: parts, environment, want }] of Object.entries(cases)) {
    it(name, () => assert.equal(valueOf(variable, { ...settings, ...parts }, environment), want));
  }
});
