import { connect } from 'node:net';
import type { HealthCheck } from '../../api/network/target-group.ts';

/** What a check found. */
export type CheckResult = 'passed' | 'refused' | 'timeout' | 'wrong code';

/** Checks one address, from where the operator runs. Never rejects. */
export async function checkHealth(address: string, port: number, { protocol, path, timeoutSeconds, matcher }: HealthCheck): Promise<CheckResult> {
  if (protocol === 'TCP') return checkConnection(address, port, timeoutSeconds * 1000);
  try {
    // Like a load balancer it follows no redirects; certificates of machines are rarely signed by anybody known, so HTTPS is only asked whether it answers.
    if (protocol === 'HTTPS') return await checkConnection(address, port, timeoutSeconds * 1000);
    const response = await fetch(`http://${address}:${String(port)}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(timeoutSeconds * 1000), headers: { 'user-agent': 'kube-ec2-health-check' } });
    await response.body?.cancel();
    return matches(matcher, response.status) ? 'passed' : 'wrong code';
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'refused';
  }
}

async function checkConnection(host: string, port: number, milliseconds: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: milliseconds });
    const end = (result: CheckResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end('passed')).once('timeout', () => end('timeout')).once('error', () => end('refused'));
  });
}

/** Whether a code is among `200`, `200,202` or `200-299`. Pure. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number);
    return status >= first && status <= last;
  });
}
