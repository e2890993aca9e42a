import type { ConditionClaim } from '../../runtime/conditions.ts';
import { PORTS_LIMIT, type OpenPorts } from './open-ports.ts';
import type { Target } from './target.ts';

/** What the condition PortsOpen says. Pure. */
export function portsClaim(target: Target | undefined, openPorts: OpenPorts | undefined): Omit<ConditionClaim, 'type'> {
  if (target === undefined || openPorts === undefined) return { status: 'False', reason: 'NotAssociated', message: 'Traffic to the address goes nowhere.' };
  const { ports, leftOut } = openPorts;
  if (leftOut.length > 0) {
    const list = leftOut.slice(0, 20).join('; ');
    return {
      status: 'False',
      reason: 'RulesNotExpressible',
      message: `a Service forwards single tcp and udp ports, at most ${PORTS_LIMIT} in all; not forwarded: ${list}. ${ports.length === 0 ? 'No port is forwarded.' : 'All else that the security groups open is.'}`,
    };
  }
  if (ports.length === 0) return { status: 'True', reason: 'NothingOpen', message: 'The security groups let nothing in from outside, so nothing is forwarded.' };
  return { status: 'True', reason: 'Open', message: 'What the security groups let in from outside is forwarded.' };
}
