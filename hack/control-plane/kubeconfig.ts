import { renameSync, writeFileSync } from 'node:fs';
import type { Connection } from './kubernetes-client.ts';

/** A kubeconfig with its credentials inside; JSON is YAML, and every client reads it. */
export function kubeconfigFrom(connection: Connection, name = 'kube-ec2'): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server: connection.server, 'certificate-authority-data': base64(connection.certificateAuthority) } }],
      users: [
        {
          name,
          user: 'token' in connection ? { token: connection.token } : { 'client-certificate-data': base64(connection.certificate), 'client-key-data': base64(connection.key) },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    },
    undefined,
    2,
  )}\n`;
}

/** Writes a file that holds credentials: readable by its owner only, and never seen half written. */
export function writeSecretFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
