import { readFileSync } from 'node:fs';
import { KubernetesClient, type Connection } from '../kubernetes-client.ts';
import { KubeOvnKeeper } from './keeper.ts';
import { OutsideKeeper } from './outside-keeper.ts';

/* The simulated kube-ovn-controller, as a process that may be killed and started at any time. */
const connectionFile = process.argv[2];
if (connectionFile === undefined) throw new Error('usage: node main.ts <connection file>');
const client = new KubernetesClient(JSON.parse(readFileSync(connectionFile, 'utf8')) as Connection);

process.on('SIGTERM', () => process.exit(0));
const tell = (key: string, error: unknown): void => console.error(new Date().toISOString(), key, String(error));
await Promise.all([new KubeOvnKeeper(client, tell).start(), new OutsideKeeper(client, tell).start()]);
