import { ALL_PROTOCOLS, ruleTrafficOf } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import { AwsError, missingParameter } from '../../errors.ts';

const HIGHEST_PORT = 65535;
const HIGHEST_ICMP_NUMBER = 255;

/** What a request says about traffic. */
export interface RequestedTraffic {
  IpProtocol?: string | undefined;
  FromPort?: number | undefined;
  ToPort?: number | undefined;
}

/**
 * Protocol and ports of a request, checked; ports only where EC2 looks at them. `code` is that of ports out of range: EC2 has one for IpPermissions and
 * another for the older, flat parameters.
 * @throws AwsError MissingParameter, InvalidParameterValue, `code`
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
export function requestedTraffic(
  { IpProtocol, FromPort, ToPort }: RequestedTraffic,
  code: 'InvalidPermission.Malformed' | 'InvalidParameterValue',
): Pick<SecurityGroupRule, 'ipProtocol' | 'fromPort' | 'toPort'> {
  if (!IpProtocol) throw missingParameter('ipProtocol');
  const ipProtocol = protocolFrom(IpProtocol);
  const refuse = (message: string): AwsError => new AwsError(code, message);
  switch (ipProtocol) {
    case 'tcp':
    case 'udp': {
      if (FromPort === undefined || ToPort === undefined) throw portsMissing('TCP/UDP');
      for (const port of [FromPort, ToPort]) if (!isWithin(port, 0, HIGHEST_PORT)) throw refuse(`TCP/UDP port (${port}) out of range`);
      if (FromPort > ToPort) throw refuse(`Invalid TCP/UDP port range (${FromPort}:${ToPort})`);
      return { ipProtocol, fromPort: FromPort, toPort: ToPort };
    }
    case 'icmp':
    case 'icmpv6': {
      if (ipProtocol === 'icmp' && (FromPort === undefined || ToPort === undefined)) throw portsMissing('ICMP');
      const { fromPort = -1, toPort = -1 } = ruleTrafficOf({ ipProtocol, fromPort: FromPort, toPort: ToPort });
      if (!isWithin(fromPort, -1, HIGHEST_ICMP_NUMBER)) throw refuse(`ICMP type (${fromPort}) out of range`);
      if (!isWithin(toPort, -1, HIGHEST_ICMP_NUMBER)) throw refuse(`ICMP code (${toPort}) out of range`);
      if (fromPort === -1 && toPort !== -1) throw refuse(`ICMP code (${toPort}) must be -1 if the type is -1`);
      return { ipProtocol, fromPort, toPort };
    }
    default:
      return { ipProtocol };
  }
}

function protocolFrom(text: string): string {
  const protocol = text.toLowerCase();
  if (protocol === 'all') return ALL_PROTOCOLS;
  const isNumber = /^[0-9]{1,3}$/.test(protocol) && Number(protocol) <= HIGHEST_ICMP_NUMBER;
  if (!isNumber && ![ALL_PROTOCOLS, 'tcp', 'udp', 'icmp', 'icmpv6'].includes(protocol)) {
    throw new AwsError('InvalidParameterValue', `Invalid value '${text.slice(0, 32)}' for IP protocol. Unknown protocol.`);
  }
  return ruleTrafficOf({ ipProtocol: isNumber ? String(Number(protocol)) : protocol }).protocol;
}

function isWithin(value: number, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest;
}

function portsMissing(protocol: string): AwsError {
  return new AwsError('InvalidParameterValue', `Invalid value 'Must specify both from and to ports with ${protocol}.' for portRange.`);
}
