import type { DescribeSnapshotAttributeRequest, DescribeSnapshotAttributeResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireOwnSnapshot } from './find-snapshot.ts';
import { sdkPermissionsFrom } from './volume-permissions.ts';

/**
 * Shows one attribute of an own snapshot: createVolumePermission or productCodes.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshotAttribute.html
 */
export async function describeSnapshotAttribute({ Attribute, SnapshotId }: DescribeSnapshotAttributeRequest, context: ReadOnlyContext): Promise<DescribeSnapshotAttributeResult> {
  const snapshot = requireOwnSnapshot(SnapshotId, context);
  const id = ec2IdOf('snap', snapshot);
  if (Attribute === 'createVolumePermission') return { SnapshotId: id, CreateVolumePermissions: sdkPermissionsFrom(snapshot) };
  if (Attribute === 'productCodes') return { SnapshotId: id, ProductCodes: [] };
  throw invalidParameterValue('attribute', String(Attribute ?? ''), 'It must be createVolumePermission or productCodes.');
}
