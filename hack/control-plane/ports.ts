import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

const portNames = ['etcd', 'etcdPeer', 'apiServer', 'virtApi', 'virtController', 'virtHandler', 'kubelet'] as const;

/** The loopback ports of a control plane, by what listens there. */
export type Ports = Readonly<Record<(typeof portNames)[number], number>>;

/** Ports that auto-selection looks at: below those that systems give to outgoing connections. */
const AUTOMATIC = { first: 22_000, last: 31_900 };

/**
 * Chooses the ports: from `base` upwards if given; else those of `file` (an earlier start) as long as all are free; else a free run anywhere.
 * The choice is written to `file`, so that kubeconfig files stay valid from start to start.
 * @throws Error - if a port that was asked for is in use
 */
export async function choosePorts(file: string, base?: number): Promise<Ports> {
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ports) : undefined;
  const ports = base === undefined ? await automaticPorts(earlier) : portsFrom(base);
  const taken = await firstTaken(ports);
  if (taken !== undefined) throw new Error(`port ${String(taken)} on 127.0.0.1 is in use; choose another base for the control plane's ports`);
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

async function automaticPorts(earlier: Ports | undefined): Promise<Ports> {
  if (earlier && portNames.every((name) => Number.isInteger(earlier[name])) && (await firstTaken(earlier)) === undefined) return earlier;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const ports = portsFrom(AUTOMATIC.first + Math.floor(Math.random() * (AUTOMATIC.last - AUTOMATIC.first)));
    if ((await firstTaken(ports)) === undefined) return ports;
  }
  throw new Error(`no ${String(portNames.length)} free ports in a row were found on 127.0.0.1`);
}

function portsFrom(base: number): Ports {
  return Object.fromEntries(portNames.map((name, index) => [name, base + index])) as Ports;
}

async function firstTaken(ports: Ports): Promise<number | undefined> {
  for (const name of portNames) {
    if (!(await isFree(ports[name]))) return ports[name];
  }
  return undefined;
}

/** Whether nobody listens on this loopback port. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server: Server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
