import type { GetLaunchTemplateDataRequest, GetLaunchTemplateDataResult, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { describeInstanceAttribute } from '../instances/DescribeInstanceAttribute.ts';
import { requireInstance } from '../instances/find-instances.ts';
import { instanceViewer, reservationsFrom } from '../instances/instance-view.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { isReservedTagKey } from '../tag-rules.ts';

/**
 * The data of a template that an instance could have been launched from.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetLaunchTemplateData.html
 */
export async function getLaunchTemplateData(input: GetLaunchTemplateDataRequest, context: ReadOnlyContext): Promise<GetLaunchTemplateDataResult> {
  const InstanceId = input.InstanceId ?? '';
  const instance = requireInstance(InstanceId, context);
  if (shownStateOf(instance) === 'terminated') throw new AwsError('IncorrectInstanceState', `The instance '${InstanceId}' is terminated.`);
  const { UserData } = await describeInstanceAttribute({ InstanceId, Attribute: 'userData' }, context);
  return { LaunchTemplateData: { ...dataFrom(instance, context), ...(UserData?.Value !== undefined && { UserData: UserData.Value }) } };
}

function dataFrom(instance: Instance, context: ReadOnlyContext): ResponseLaunchTemplateData {
  const { spec } = instance;
  const shown = reservationsFrom([instanceViewer(context)(instance)])[0]?.Instances?.[0] ?? {};
  const tags = (shown.Tags ?? []).filter(({ Key = '' }) => !isReservedTagKey(Key));
  const groups = (shown.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  return {
    ...(shown.ImageId !== undefined && { ImageId: shown.ImageId }),
    ...(shown.InstanceType !== undefined && { InstanceType: shown.InstanceType }),
    ...(shown.KeyName !== undefined && { KeyName: shown.KeyName }),
    BlockDeviceMappings: (spec.blockDeviceMappings ?? []).map(({ deviceName, virtualName, noDevice, ebs }) => ({
      DeviceName: deviceName,
      ...(virtualName !== undefined && { VirtualName: virtualName }),
      ...(noDevice && { NoDevice: '' }),
      ...(ebs && {
        Ebs: {
          ...(ebs.volumeSize !== undefined && { VolumeSize: ebs.volumeSize }),
          ...(ebs.volumeType !== undefined && { VolumeType: ebs.volumeType }),
          ...(ebs.iops !== undefined && { Iops: ebs.iops }),
          ...(ebs.throughput !== undefined && { Throughput: ebs.throughput }),
          DeleteOnTermination: ebs.deleteOnTermination ?? true,
        },
      }),
    })),
    NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false, DeleteOnTermination: true, Groups: groups }],
    Placement: {
      ...(shown.Placement?.AvailabilityZone !== undefined && { AvailabilityZone: shown.Placement.AvailabilityZone }),
      ...(spec.placement.groupName !== undefined && { GroupName: spec.placement.groupName }),
      Tenancy: 'default',
    },
    Monitoring: { Enabled: spec.monitoring },
    EbsOptimized: spec.ebsOptimized,
    ...(shown.IamInstanceProfile?.Arn !== undefined && { IamInstanceProfile: { Arn: shown.IamInstanceProfile.Arn } }),
    DisableApiTermination: spec.disableApiTermination,
    DisableApiStop: spec.disableApiStop,
    InstanceInitiatedShutdownBehavior: spec.instanceInitiatedShutdownBehavior,
    ...(spec.creditSpecification !== undefined && { CreditSpecification: { CpuCredits: spec.creditSpecification } }),
    MetadataOptions: {
      HttpTokens: spec.metadataOptions.httpTokens,
      HttpEndpoint: spec.metadataOptions.httpEndpoint,
      HttpPutResponseHopLimit: spec.metadataOptions.httpPutResponseHopLimit,
      HttpProtocolIpv6: spec.metadataOptions.httpProtocolIpv6,
      InstanceMetadataTags: spec.metadataOptions.instanceMetadataTags,
    },
    TagSpecifications: tags.length > 0 ? [{ ResourceType: 'instance', Tags: tags }] : [],
  };
}
