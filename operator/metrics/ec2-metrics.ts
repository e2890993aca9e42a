/** How one metric of AWS/EC2 comes out of KubeVirt's series. */
export interface Ec2Metric {
  unit: string;
  /** PromQL of one value per machine, by the label `name`; `selector` stands inside braces, `window` is a range such as `120s`. */
  expressionFor(selector: string, window: string): string;
}

/** Bytes or operations of a minute, all devices together: that is what EC2's counters hold. */
function counter(series: string, unit: string): Ec2Metric {
  return { unit, expressionFor: (selector, window) => `60 * sum by (name) (rate(${series}{${selector}}[${window}]))` };
}

function gauge(series: string, unit: string): Ec2Metric {
  return { unit, expressionFor: (selector) => `max by (name) (${series}{${selector}})` };
}

/** The number of vCPUs is taken from the same window as their work: one scrape that failed must not leave a gap. */
const cpu: Ec2Metric = {
  unit: 'Percent',
  expressionFor: (selector, window) =>
    `100 * sum by (name) (rate(kubevirt_vmi_cpu_usage_seconds_total{${selector}}[${window}]))` +
    ` / on (name) count by (name) (count by (name, id) (last_over_time(kubevirt_vmi_vcpu_seconds_total{${selector}}[${window}])))`,
};

/**
 * The metrics of machines that KubeVirt measures, in EC2's terms. Queues and bursts of volumes, credits and status checks have no series.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 * @see https://kubevirt.io/monitoring/metrics.html
 */
export const ec2Metrics: Readonly<Record<string, Ec2Metric>> = {
  CPUUtilization: cpu,
  DiskReadBytes: counter('kubevirt_vmi_storage_read_traffic_bytes_total', 'Bytes'),
  DiskReadOps: counter('kubevirt_vmi_storage_iops_read_total', 'Count'),
  DiskWriteBytes: counter('kubevirt_vmi_storage_write_traffic_bytes_total', 'Bytes'),
  DiskWriteOps: counter('kubevirt_vmi_storage_iops_write_total', 'Count'),
  NetworkIn: counter('kubevirt_vmi_network_receive_bytes_total', 'Bytes'),
  NetworkOut: counter('kubevirt_vmi_network_transmit_bytes_total', 'Bytes'),
  NetworkPacketsIn: counter('kubevirt_vmi_network_receive_packets_total', 'Count'),
  NetworkPacketsOut: counter('kubevirt_vmi_network_transmit_packets_total', 'Count'),
  MemoryResidentBytes: gauge('kubevirt_vmi_memory_resident_bytes', 'Bytes'),
  MemoryAvailableBytes: gauge('kubevirt_vmi_memory_available_bytes', 'Bytes'),
  MemoryUsableBytes: gauge('kubevirt_vmi_memory_usable_bytes', 'Bytes'),
};

/** Namespace of these metrics. */
export const EC2_NAMESPACE = 'AWS/EC2';
