import { writeSecretFile } from '../control-plane/kubeconfig.ts';
import type { AccessKey } from './access-key.ts';

/** What the clients need to know. */
export interface ClientSettings {
  kubeconfig: string;
  endpointUrl: string;
  region: string;
  accessKey: AccessKey | undefined;
  /** Folder of clients that the machine itself does not have. */
  binFolder: string | undefined;
}

/** Writes the `export` lines for a shell, mode 0600. Proxies are told to leave the endpoint alone. */
export function writeEnvironmentFile(path: string, settings: ClientSettings): void {
  const { accessKey, binFolder } = settings;
  const lines = [
    exported('KUBECONFIG', settings.kubeconfig),
    exported('AWS_ENDPOINT_URL', settings.endpointUrl),
    exported('AWS_REGION', settings.region),
    // Older clients read this name only.
    exported('AWS_DEFAULT_REGION', settings.region),
    ...(accessKey ? [exported('AWS_ACCESS_KEY_ID', accessKey.accessKeyId), exported('AWS_SECRET_ACCESS_KEY', accessKey.secretAccessKey)] : []),
    // What an earlier login left in the shell would be sent along, and a pager would stop pasted examples.
    'unset AWS_SESSION_TOKEN AWS_PROFILE',
    exported('AWS_PAGER', ''),
    ...(binFolder === undefined ? [] : [`case ":$PATH:" in *:${quoted(binFolder)}:*) ;; *) export PATH="$PATH":${quoted(binFolder)} ;; esac`]),
  ];
  writeSecretFile(path, `${lines.join('\n')}\n`);
}

function exported(name: string, value: string): string {
  return `export ${name}=${quoted(value)}`;
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
