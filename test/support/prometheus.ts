import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { ensureGoTool } from '../../hack/tools/go-tools.ts';
import type { Cloud } from './cloud.ts';

/** How busy a simulated machine is, per second. */
export interface MachineLoad {
  /** 1 is one vCPU at work all the time. */
  cores: number;
  receivedBytes: number;
}

/** What KubeVirt's virt-handler would export: the series of machines, whose counters run with the clock. The one simulated exporter of the tests. */
export class SimulatedExporter {
  readonly #machines = new Map<string, { namespace: string; load: MachineLoad; cpuSeconds: number; receivedBytes: number; at: number }>();

  /** A machine (by its name, the instance's id) is as busy as this from now on. */
  set(namespace: string, name: string, load: MachineLoad): void {
    const known = this.#machines.get(name);
    this.#machines.set(name, { namespace, cpuSeconds: 0, receivedBytes: 0, at: Date.now(), ...(known && this.#advanced(known)), load });
  }

  /** The text that is scraped. */
  text(): string {
    return [...this.#machines].flatMap(([name, machine]) => {
      const { namespace, cpuSeconds, receivedBytes } = Object.assign(machine, this.#advanced(machine));
      const labels = `node="node-a",namespace="${namespace}",name="${name}"`;
      return [
        `kubevirt_vmi_cpu_usage_seconds_total{${labels}} ${String(cpuSeconds)}`,
        ...[0, 1].map((id) => `kubevirt_vmi_vcpu_seconds_total{${labels},id="${String(id)}",state="running"} 1`),
        `kubevirt_vmi_network_receive_bytes_total{${labels},interface="default"} ${String(receivedBytes)}`,
      ];
    }).join('\n') + '\n';
  }

  #advanced({ load, cpuSeconds, receivedBytes, at }: { load: MachineLoad; cpuSeconds: number; receivedBytes: number; at: number }): { cpuSeconds: number; receivedBytes: number; at: number } {
    const now = Date.now();
    const seconds = (now - at) / 1000;
    return { cpuSeconds: cpuSeconds + load.cores * seconds, receivedBytes: receivedBytes + load.receivedBytes * seconds, at: now };
  }
}

/** Starts a real Prometheus where the operator of the cloud looks for one; it scrapes the simulated exporter every second. */
export async function startPrometheus(cloud: Cloud): Promise<{ exporter: SimulatedExporter; stop: () => Promise<void> }> {
  const exporter = new SimulatedExporter();
  const server = createServer((_request, response) => void response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(exporter.text()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = join(cloud.controlPlane.dataDirectory, 'prometheus');
  mkdirSync(folder, { recursive: true });
  const target = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  // honor_labels: virt-handler's own namespace label stays, as KubeVirt's ServiceMonitor has it.
  const job = { job_name: 'virt-handler', honor_labels: true, static_configs: [{ targets: [target] }] };
  const file = join(folder, 'prometheus.json');
  writeFileSync(file, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }));
  const url = `http://127.0.0.1:${String(cloud.prometheusPort)}`;
  const child = await cloud.controlPlane.run({
    name: 'prometheus',
    command: await ensureGoTool('prometheus', (line) => console.log(line)),
    arguments: [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, String(Date.now()))}`, `--web.listen-address=127.0.0.1:${String(cloud.prometheusPort)}`],
    stopOrder: 0,
    restarts: false,
  });
  await eventually(`Prometheus is ready (${child.logFile})`, 60, async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    exporter,
    stop: async () => {
      await child.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
