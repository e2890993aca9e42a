import { AmiDefinition } from '../../../api/compute/ami.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';

const NAME_PATTERN = AmiDefinition.spec.shape.name;
const DESCRIPTION_LIMIT = 255;

/** The name that a new image is to have. @throws AwsError InvalidAMIName.Malformed */
export function requireImageName(name: string | undefined): string {
  if (name && NAME_PATTERN.safeParse(name).success) return name;
  throw new AwsError(
    'InvalidAMIName.Malformed',
    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
  );
}

/** Image names are unique within an account. @throws AwsError InvalidAMIName.Duplicate */
export function requireFreeImageName(name: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): void {
  const namesake = read.list(Ami, caller.namespace).find(({ metadata, spec }) => (spec.name ?? metadata.name) === name);
  if (namesake) throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${ec2IdOf('ami', namesake)}`);
}

/** A description as the Ami takes it. @throws AwsError InvalidParameterValue - more than 255 characters */
export function imageDescriptionFrom(description: string | undefined): { description?: string } {
  if (!description) return {};
  if (description.length <= DESCRIPTION_LIMIT) return { description };
  throw invalidParameterValue('Description', `${description.slice(0, 40)}...`, `It may have ${DESCRIPTION_LIMIT} characters at most.`);
}
