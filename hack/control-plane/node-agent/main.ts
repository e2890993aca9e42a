import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesClient } from '../kubernetes-client.ts';
import type { NodeAgentConfiguration } from './configuration.ts';
import { DataVolumeKeeper } from './data-volume-keeper.ts';
import { startHandlerServer } from './handler-server.ts';
import { startKubeletServer } from './kubelet-server.ts';
import { LoadBalancerKeeper } from './load-balancer-keeper.ts';
import { MachineKeeper } from './machine-keeper.ts';
import { NodeKeeper } from './node-keeper.ts';
import { PodKeeper } from './pod-keeper.ts';

/*
 * The one simulated part of the control plane: plays load balancer, importer of disks, kubelet and KubeVirt's handler, launcher and guests for every node that carries the label
 * simulator.kube-ec2.io/node. All that it knows is in the API server, so it may be killed and started at any time.
 */
const configurationFile = process.argv[2];
if (configurationFile === undefined) throw new Error('usage: node main.ts <configuration file>');
const configuration = JSON.parse(readFileSync(configurationFile, 'utf8')) as NodeAgentConfiguration;

const onError = (key: string, error: unknown): void => console.error(new Date().toISOString(), key, String(error));
const kubelet = new KubernetesClient(configuration.kubelet);
const handler = new KubernetesClient(configuration.handler);

const nodes = new NodeKeeper(kubelet, configuration.kubeletPort, onNode, onError);
const machines = new MachineKeeper(handler, nodes, onError);
const pods = new PodKeeper(kubelet, nodes, {
  holdsPod: (pod) => machines.holdsPod(pod),
  onChange: (pod) => machines.onPod(pod),
  onError,
});

function onNode(node: { metadata: { name?: string } }): void {
  pods.resume(String(node.metadata.name));
  machines.resume(String(node.metadata.name));
}

process.on('SIGTERM', () => process.exit(0));
await nodes.start();
await pods.start();
startKubeletServer(configuration, pods, nodes);
await new LoadBalancerKeeper(kubelet, onError).start();
if (configuration.hasKubevirt) {
  await machinesWhenServed();
  // Their kind may be served later; the list is tried until it is.
  void new DataVolumeKeeper(kubelet, onError).start();
  startHandlerServer(configuration, machines);
}

/** In a new cluster their kind is served a little later than this process starts. */
async function machinesWhenServed(): Promise<void> {
  for (;;) {
    const isServed = await handler.get('/apis/kubevirt.io/v1').then(() => true, () => false);
    if (isServed) return machines.start(pods);
    await delay(200);
  }
}
