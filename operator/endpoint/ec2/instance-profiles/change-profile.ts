import type { IamInstanceProfileAssociation } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { associationIdOf } from '../../../api/compute/instance.ts';
import { instanceProfileNameOf } from '../../../api/identity/instance-profile.ts';
import type { Instance, InstanceProfile } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext, ReadOnlyContext } from '../../operation.ts';
import { instancesByAssociation, withinNamespace } from '../indexes.ts';
import { changeSpecOf, type SpecPatch } from '../instances/change-instance.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { sdkAssociationFrom } from './sdk-association.ts';

/** The instance of an association. @throws AwsError InvalidAssociationID.NotFound */
export function requireAssociation(associationId: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): Instance {
  const instance = read.byIndex(instancesByAssociation, withinNamespace(caller.namespace, associationId))[0];
  if (instance && shownStateOf(instance) !== 'terminated') return instance;
  throw noAssociation(associationId);
}

/** EC2's answer for an association that does not exist. */
export function noAssociation(associationId: string): AwsError {
  return new AwsError('InvalidAssociationID.NotFound', `An invalid association-id of '${associationId}' was given`);
}

/** Gives an instance that has none a profile. @throws AwsError IncorrectState - it has one; IncorrectInstanceState - it has ended */
export async function associate(instance: Instance, profile: InstanceProfile, context: OperationContext): Promise<IamInstanceProfileAssociation | undefined> {
  return change(instance, profile, context, (current) => {
    if (current.spec.iamInstanceProfile === undefined) return;
    throw new AwsError('IncorrectState', `There is an existing association for instance ${ec2IdOf('i', current)}`);
  });
}

/** Gives an instance another profile in the place of the one that it has by `associationId`. @throws AwsError InvalidAssociationID.NotFound */
export async function replace(instance: Instance, associationId: string, profile: InstanceProfile, context: OperationContext): Promise<IamInstanceProfileAssociation | undefined> {
  return change(instance, profile, context, (current) => requireSame(current, associationId));
}

/** Takes the profile away. @throws AwsError InvalidAssociationID.NotFound */
export async function disassociate(instance: Instance, associationId: string, { write }: OperationContext): Promise<void> {
  await changeSpecOf(instance, (current): SpecPatch => {
    requireSame(current, associationId);
    return { iamInstanceProfile: null };
  }, write);
}

async function change(
  instance: Instance,
  profile: InstanceProfile,
  { write, caller }: OperationContext,
  require: (current: Instance) => void,
): Promise<IamInstanceProfileAssociation | undefined> {
  const changed = await changeSpecOf(
    instance,
    (current): SpecPatch => {
      const state = shownStateOf(current);
      if (state === 'terminated' || state === 'shutting-down') {
        throw new AwsError('IncorrectInstanceState', `The instance '${ec2IdOf('i', current)}' is not in the 'running' or 'stopped' state.`);
      }
      require(current);
      return { iamInstanceProfile: instanceProfileNameOf(profile) };
    },
    write,
  );
  return sdkAssociationFrom(changed, profile, caller.accountId);
}

function requireSame(instance: Instance, associationId: string): void {
  if (associationIdOf(instance) !== associationId) throw noAssociation(associationId);
}
