import type { TargetGroupAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupSpec } from '../../../api/network/target-group.ts';

/** What Elastic Load Balancing shows of a new group. Nothing here looks at them: traffic goes through a Service of Kubernetes, which has no such settings. */
const defaults: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.enabled': 'false',
};
const httpDefaults: Readonly<Record<string, string>> = {
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'slow_start.duration_seconds': '0',
  'load_balancing.algorithm.type': 'round_robin',
};
const tcpDefaults: Readonly<Record<string, string>> = {
  'stickiness.type': 'source_ip',
  'proxy_protocol_v2.enabled': 'false',
  'preserve_client_ip.enabled': 'true',
  'deregistration_delay.connection_termination.enabled': 'false',
};

/** Attributes of a group: those that were set, and the defaults of the others. */
export function attributesOf({ protocol, attributes = [] }: TargetGroupSpec): TargetGroupAttribute[] {
  const all = new Map(Object.entries(knownAttributes(protocol)));
  for (const { key, value } of attributes) all.set(key, value);
  return [...all].map(([Key, Value]) => ({ Key, Value }));
}

/** Names and defaults of the attributes that a protocol has. */
export function knownAttributes(protocol: TargetGroupSpec['protocol']): Readonly<Record<string, string>> {
  return { ...defaults, ...(protocol === 'HTTP' || protocol === 'HTTPS' ? httpDefaults : tcpDefaults) };
}
