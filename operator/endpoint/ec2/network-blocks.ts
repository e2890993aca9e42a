import { blockFrom, cidrOf, LONGEST_PREFIX, prefixOf, SHORTEST_PREFIX, type Block } from '../../api/network/cidr.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../errors.ts';

/**
 * The IPv4 block of a new VPC or subnet, without bits behind its prefix, as EC2 takes it.
 * @throws AwsError MissingParameter, InvalidParameterValue - no block, `rangeCode` - not of /16 to /28
 */
export function requestedBlock(cidr: string | undefined, rangeCode: 'InvalidVpc.Range' | 'InvalidSubnet.Range'): Block {
  if (!cidr) throw missingParameter('cidrBlock');
  const block = blockFrom(cidr);
  if (!block) throw invalidParameterValue('cidrBlock', cidr.slice(0, 64), 'This is not a valid CIDR block.');
  const prefix = prefixOf(block);
  if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) throw invalidRange(rangeCode, cidrOf(block));
  return block;
}

/** EC2's refusal of a block that has the wrong size or place. */
export function invalidRange(code: 'InvalidVpc.Range' | 'InvalidSubnet.Range', cidr: string): AwsError {
  return new AwsError(code, `The CIDR '${cidr}' is invalid.`);
}

/** @throws AwsError UnsupportedOperation - the request asks for something that is not here, named for people */
export function refuseUnsupported(asked: Readonly<Record<string, unknown>>): void {
  for (const [what, value] of Object.entries(asked)) {
    if (value === undefined || value === false || value === '') continue;
    throw new AwsError('UnsupportedOperation', `${what} not supported.`);
  }
}
