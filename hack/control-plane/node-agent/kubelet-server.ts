import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { readFileSync } from 'node:fs';
import type { NodeAgentConfiguration } from './configuration.ts';
import type { NodeKeeper } from './node-keeper.ts';
import type { Pod } from './pod.ts';
import type { PodKeeper } from './pod-keeper.ts';

/**
 * The HTTPS server of the simulated nodes' kubelets, as far as `kubectl logs` needs it: a container has logged its own start. Only the API
 * server's client certificate is let in.
 */
export function startKubeletServer(configuration: NodeAgentConfiguration, pods: PodKeeper, nodes: NodeKeeper): Server {
  const server = createServer(
    {
      cert: readFileSync(configuration.kubeletCertificate.certificateFile),
      key: readFileSync(configuration.kubeletCertificate.keyFile),
      ca: readFileSync(configuration.certificateAuthorityFile),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => answer(request, response, pods, nodes),
  );
  return server.listen(configuration.kubeletPort, '127.0.0.1');
}

function answer(request: IncomingMessage, response: ServerResponse, pods: PodKeeper, nodes: NodeKeeper): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://kubelet');
  const [, namespace, name, container = ''] = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  if (request.method !== 'GET' || namespace === undefined) return reply(response, 501, 'the simulated kubelet serves logs only');
  const pod = pods.get(`${namespace}/${String(name)}`);
  if (!pod) return reply(response, 404, `the kubelet knows no pod ${namespace}/${String(name)}`);
  if (!nodes.isUsable(pod.spec.nodeName)) {
    request.destroy(); // nobody answers on a lost node
    return;
  }
  const limitBytes = Number(searchParams.get('limitBytes') ?? Number.POSITIVE_INFINITY);
  reply(response, 200, logOf(pod, container).slice(0, limitBytes));
}

/** Plain ASCII, so that bytes are characters. */
function logOf(pod: Pod, container: string): string {
  return `simulated container ${container} of pod ${String(pod.metadata.name)} started\n`;
}

function reply(response: ServerResponse, code: number, body: string): void {
  response.statusCode = code;
  response.setHeader('Content-Type', 'text/plain');
  response.end(body);
}
