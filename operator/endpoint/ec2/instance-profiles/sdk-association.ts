import type { IamInstanceProfile, IamInstanceProfileAssociation } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { iamIdOf } from '../../../api/identity/iam-identity.ts';
import { associationIdOf } from '../../../api/compute/instance.ts';
import { instanceProfileArnOf, instanceProfileKeyFrom } from '../../../api/identity/instance-profile.ts';
import type { Instance, InstanceProfile } from '../../../kubernetes/resources.ts';
import { shownStateOf } from '../instances/shown-state.ts';

/** The profile of an instance in the API's shape: as it is, or as the controllers wrote it down while it still existed. */
export function shownProfileOf(instance: Instance, profile: InstanceProfile | undefined, accountId: string): IamInstanceProfile | undefined {
  if (instance.spec.iamInstanceProfile === undefined || shownStateOf(instance) === 'terminated') return undefined;
  if (profile) return { Arn: instanceProfileArnOf(profile, accountId), Id: iamIdOf('AIPA', profile) };
  const recorded = recordOf(instance);
  return recorded && { Arn: recorded.arn, Id: recorded.id };
}

/** The association of an instance; undefined without a profile. */
export function sdkAssociationFrom(instance: Instance, profile: InstanceProfile | undefined, accountId: string): IamInstanceProfileAssociation | undefined {
  const shown = shownProfileOf(instance, profile, accountId);
  const recorded = recordOf(instance);
  return (
    shown && {
      AssociationId: associationIdOf(instance),
      InstanceId: ec2IdOf('i', instance),
      IamInstanceProfile: shown,
      State: recorded ? 'associated' : 'associating',
      ...(recorded && { Timestamp: new Date(recorded.associatedAt) }),
    }
  );
}

/** What the controllers wrote down about the profile that the spec names now. */
function recordOf({ spec, status }: Instance): NonNullable<Instance['status']>['iamInstanceProfile'] {
  const recorded = status?.iamInstanceProfile;
  return recorded && instanceProfileKeyFrom(recorded.name) === instanceProfileKeyFrom(spec.iamInstanceProfile ?? '') ? recorded : undefined;
}
