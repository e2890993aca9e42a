import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export interface StartArguments {
  help: boolean;
  /** Begin with an empty data folder. */
  fresh: boolean;
  /** Use the cluster of KUBECONFIG instead of a control plane of our own. */
  cluster: boolean;
  /** Folder for everything that is kept. */
  data: string;
  /** Port of the EC2 endpoint. */
  port: number;
  /** First of the control plane's ports; free ones are found without it. */
  controlPlanePort?: number;
  nodes: number;
  zones: string[];
  region: string;
}

/** The arguments cannot be used; the message says which and why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Explains the arguments. */
export const usage = `npm start -- [options]

Starts kube-ec2 on this machine: a Kubernetes and KubeVirt control plane with simulated nodes, the operator, and its EC2 endpoint.
The first start builds the control plane (about ten minutes on two cores); later ones take seconds and continue where the last one ended.

  --port <port>                port of the EC2 endpoint (8773)
  --data <folder>              where certificates, etcd's data and logs are kept (.kube-ec2)
  --fresh                      forget what the data folder holds and begin anew
  --nodes <number>             simulated nodes (3)
  --region <name>              AWS region that is answered as (us-east-1)
  --zones <a,b,c>              availability zones (the region with a, b, c)
  --control-plane-port <port>  first of 7 ports in a row for the control plane (free ones are found)
  --cluster                    use the cluster of $KUBECONFIG, which must have KubeVirt; only the operator runs here
  --help                       this text
`;

/** Reads the arguments. @throws UsageError */
export function startArgumentsFrom(words: readonly string[]): StartArguments {
  const values = parse(words);
  const region = values.region ?? 'us-east-1';
  if (!/^[a-z][a-z0-9-]{2,30}$/.test(region)) throw new UsageError(`--region: ${region} is not a region name such as us-east-1`);
  const zones = values.zones?.split(',').map((zone) => zone.trim()) ?? ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
  const badZone = zones.find((zone) => !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(zone));
  if (badZone !== undefined) throw new UsageError(`--zones: "${badZone}" is not a zone name such as us-east-1a`);
  const base = values['control-plane-port'];
  return {
    help: values.help ?? false,
    fresh: values.fresh ?? false,
    cluster: values.cluster ?? false,
    data: values.data ?? '.kube-ec2',
    port: integer('--port', values.port ?? '8773', 1, 65_535),
    ...(base === undefined ? {} : { controlPlanePort: integer('--control-plane-port', base, 1024, 65_500) }),
    nodes: integer('--nodes', values.nodes ?? '3', 1, 128),
    zones,
    region,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        help: { type: 'boolean', short: 'h' },
        fresh: { type: 'boolean' },
        cluster: { type: 'boolean' },
        data: { type: 'string' },
        port: { type: 'string' },
        'control-plane-port': { type: 'string' },
        nodes: { type: 'string' },
        zones: { type: 'string' },
        region: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${name}: ${text} is not a number from ${String(least)} to ${String(most)}`);
}
