import { iamIdOf } from '../../api/identity/iam-identity.ts';
import { instanceProfileArnOf, instanceProfileKeyFrom, instanceProfileNameOf } from '../../api/identity/instance-profile.ts';
import type { InstanceStatus } from '../../api/compute/instance.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { Instance } from '../../kubernetes/resources.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { isObjection, type Objection } from './objection.ts';
import { instanceProfileOf } from './references.ts';
import { timestampOf } from './times.ts';

/** What the status says about the instance profile, and what stands in the way of one that the spec names. */
export interface ProfileRecord {
  record: InstanceStatus['iamInstanceProfile'];
  objection: Objection | undefined;
}

/** Writes down which profile an instance has, so that it is known when the InstanceProfile goes: EC2 keeps showing it too. Pure but for caches and clock. */
export function profileRecordOf(instance: Instance, read: Read, clock: Clock): ProfileRecord {
  const { spec, status, metadata } = instance;
  if (spec.iamInstanceProfile === undefined) return { record: undefined, objection: undefined };
  const former = status?.iamInstanceProfile;
  const isSame = former !== undefined && instanceProfileKeyFrom(former.name) === instanceProfileKeyFrom(spec.iamInstanceProfile);
  const profile = instanceProfileOf(instance, read);
  if (profile === undefined || isObjection(profile)) return { record: isSame ? former : undefined, objection: isSame ? undefined : profile };
  return {
    record: {
      name: instanceProfileNameOf(profile),
      arn: instanceProfileArnOf(profile, accountIdOfNamespace(metadata.namespace, read) ?? ''),
      id: iamIdOf('AIPA', profile),
      associatedAt: isSame ? former.associatedAt : timestampOf(clock),
    },
    objection: undefined,
  };
}
