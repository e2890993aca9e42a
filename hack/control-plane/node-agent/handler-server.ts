import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAgentConfiguration } from './configuration.ts';
import { guestOrder, RESETS_ANNOTATION, SOFT_REBOOTS_ANNOTATION, type Machine } from './machine.ts';
import type { MachineKeeper } from './machine-keeper.ts';
import { guestOperatingSystem, withConditions } from './machine-status.ts';
import { screen } from './screen.ts';
import { timestamp } from './timestamp.ts';

/** What a request to the handler leads to: a body for a GET, `undefined` for a PUT. */
type Action = (key: string, machine: Machine, machines: MachineKeeper) => Promise<unknown>;

const actions: Readonly<Record<string, Action>> = {
  'PUT softreboot': async (key, machine, machines) => {
    await machines.change(key, countedIn(SOFT_REBOOTS_ANNOTATION));
    if (guestOrder(machine) !== 'ignore-softreboot') await machines.reboot(machine);
  },
  'PUT reset': async (key, machine, machines) => {
    await machines.change(key, countedIn(RESETS_ANNOTATION));
    await machines.reboot(machine);
  },
  'PUT pause': async (key, _machine, machines) => {
    const now = timestamp();
    const paused = { type: 'Paused', status: 'True', reason: 'PausedByUser', message: 'VMI was paused by user', lastProbeTime: now, lastTransitionTime: now };
    await machines.change(key, (machine) => ({ status: { conditions: withConditions(machine, [paused]) } }));
  },
  'PUT unpause': async (key, _machine, machines) =>
    machines.change(key, (machine) => ({
      status: { conditions: (machine.status?.conditions ?? []).filter((condition) => condition.type !== 'Paused') },
    })),
  'PUT freeze': async (key, _machine, machines) => machines.change(key, () => ({ status: { fsFreezeStatus: 'frozen' } })),
  'PUT unfreeze': async (key, _machine, machines) => machines.change(key, () => ({ status: { fsFreezeStatus: null } })),
  'GET guestosinfo': async (_key, machine) => ({
    guestAgentVersion: 'simulated',
    hostname: machine.spec.hostname ?? machine.metadata.name,
    os: guestOperatingSystem,
    timezone: 'UTC, 0',
    fsFreezeStatus: machine.status?.fsFreezeStatus ?? 'thawed',
  }),
  'GET vnc/screenshot': async () => screen,
  'GET userlist': async () => ({ items: [] }),
  'GET filesystemlist': async () => ({ items: [] }),
};

/** The HTTPS server of KubeVirt's handler, one for all simulated nodes; only virt-api's client certificate is let in. */
export function startHandlerServer(configuration: NodeAgentConfiguration, machines: MachineKeeper): Server {
  const server = createServer(
    {
      cert: readFileSync(configuration.handlerCertificate.certificateFile),
      key: readFileSync(configuration.handlerCertificate.keyFile),
      ca: readFileSync(configuration.certificateAuthorityFile),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      answer(request, response, machines).catch((error: unknown) => reply(response, 500, String(error)));
    },
  );
  return server.listen(configuration.handlerPort, '127.0.0.1');
}

async function answer(request: IncomingMessage, response: ServerResponse, machines: MachineKeeper): Promise<void> {
  const path = new URL(request.url ?? '/', 'https://handler').pathname;
  const [, namespace, name, subresource] = /^\/v1\/namespaces\/([^/]+)\/virtualmachineinstances\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const key = `${String(namespace)}/${String(name)}`;
  const machine = machines.get(key);
  if (!machine) return reply(response, 404, `the handler knows no machine ${key}`);
  if (!machines.isReachable(machine)) {
    request.destroy(); // nobody answers on a lost node
    return;
  }
  const action = actions[`${request.method ?? ''} ${String(subresource)}`];
  if (!action) return reply(response, 501, `the simulated handler has no ${String(subresource)}`);
  const body = await action(key, machine, machines);
  if (body === undefined) return reply(response, 202, '');
  const isPicture = Buffer.isBuffer(body);
  response.setHeader('Content-Type', isPicture ? 'image/png' : 'application/json');
  reply(response, 200, isPicture ? body : JSON.stringify(body));
}

function countedIn(annotation: string): (machine: Machine) => Record<string, unknown> {
  return (machine) => {
    const count = Number(machine.metadata.annotations?.[annotation] ?? 0) + 1;
    return { metadata: { annotations: { [annotation]: String(count) } } };
  };
}

function reply(response: ServerResponse, code: number, body: string | Buffer): void {
  response.statusCode = code;
  response.end(body);
}
