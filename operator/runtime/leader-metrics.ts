import { Gauge } from 'prom-client';

const leading = new Gauge({ name: 'kube_ec2_leader', help: '1 while this process leads.' });

/** Shows whether this process leads. */
export function setLeading(isLeading: boolean): void {
  leading.set(isLeading ? 1 : 0);
}
