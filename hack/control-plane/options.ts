/** Size that a simulated node has, as Kubernetes quantities. */
export interface NodeSize {
  cpu: string;
  memory: string;
}

/** What `startControlPlane` is asked for. */
export interface ControlPlaneOptions {
  /** Everything that has to outlive this process: certificates, etcd's data, logs. Created if absent. */
  dataDirectory: string;
  /** First of the run of loopback ports to use; free ports are found, and kept for the next start, without it. */
  portBase?: number;
  /** Number of simulated nodes, spread over the zones. Default 3. */
  nodes?: number;
  /** Default us-east-1. */
  region?: string;
  /** Default `<region>a`, `<region>b`, `<region>c`. */
  zones?: readonly string[];
  /** Default 256 CPUs and 1 TiB. */
  nodeSize?: NodeSize;
  /** Whether KubeVirt is installed and run too. Default true. */
  kubevirt?: boolean;
  /** Whether etcd syncs its writes to the disk: needed only where a power cut must lose nothing. Default false. */
  durable?: boolean;
  /** Ends a start that is not through yet: it rejects, with everything stopped. */
  signal?: AbortSignal;
  /** Gets a line for people now and then. Default: nothing is told. */
  log?: (line: string) => void;
}

/** The options with every default filled in. */
export type CompleteOptions = Required<Omit<ControlPlaneOptions, 'portBase' | 'signal'>> & Pick<ControlPlaneOptions, 'portBase' | 'signal'>;

/** Fills in the defaults. */
export function completeOptions(options: ControlPlaneOptions): CompleteOptions {
  const region = options.region ?? 'us-east-1';
  return {
    nodes: 3,
    zones: ['a', 'b', 'c'].map((letter) => `${region}${letter}`),
    nodeSize: { cpu: '256', memory: '1Ti' },
    kubevirt: true,
    durable: false,
    log: () => undefined,
    ...options,
    region,
  };
}
