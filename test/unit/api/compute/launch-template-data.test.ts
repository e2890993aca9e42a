import assert from 'node:assert/strict';
import { mergedLaunchTemplateData, type LaunchTemplateData } from '../../../../operator/api/compute/launch-template-data.ts';

describe('what a launch from a template comes to', () => {
  const cases: Record<string, { template: LaunchTemplateData; launch: LaunchTemplateData; want: LaunchTemplateData }> = {
    'is the template where the launch says nothing': { template: { imageId: 'ami-1', userDataBase64: 'YQ==' }, launch: {}, want: { imageId: 'ami-1', userDataBase64: 'YQ==' } },
    'is what the launch says where both speak': { template: { instanceType: 't3.micro', keyName: 'a' }, launch: { instanceType: 'm5.large' }, want: { instanceType: 'm5.large', keyName: 'a' } },
    'takes an empty text, list or structure of such for nothing': {
      template: { keyName: 'a', securityGroupIds: ['sg-1'], placement: { groupName: 'g' } },
      launch: { keyName: '', securityGroupIds: [], placement: { availabilityZone: '', groupName: '' } },
      want: { keyName: 'a', securityGroupIds: ['sg-1'], placement: { groupName: 'g' } },
    },
    'takes false and 0 for something': { template: { disableApiStop: true, ipv6AddressCount: 1 }, launch: { disableApiStop: false, ipv6AddressCount: 0 }, want: { disableApiStop: false, ipv6AddressCount: 0 } },
    'has the members of placement and metadata options of both': {
      template: { placement: { groupName: 'g', tenancy: 'default' }, metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 } },
      launch: { placement: { availabilityZone: 'z' }, metadataOptions: { httpTokens: 'optional' } },
      want: { placement: { groupName: 'g', tenancy: 'default', availabilityZone: 'z' }, metadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 1 } },
    },
    'forgets the name of a zone when the launch gives its id': { template: { placement: { availabilityZone: 'z' } }, launch: { placement: { availabilityZoneId: 'id' } }, want: { placement: { availabilityZoneId: 'id' } } },
    'forgets group names when the launch gives ids': { template: { securityGroups: ['web'] }, launch: { securityGroupIds: ['sg-1'] }, want: { securityGroupIds: ['sg-1'] } },
    'forgets plain user data when the launch has base64': { template: { userData: 'a' }, launch: { userDataBase64: 'Yg==' }, want: { userDataBase64: 'Yg==' } },
    'has the devices of both, the launch counting for one name, however it is spelt': {
      template: { blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 8, iops: 3000 } }, { deviceName: '/dev/sdb', ebs: { volumeSize: 1 } }] },
      launch: { blockDeviceMappings: [{ deviceName: 'xvda', ebs: { volumeSize: 20 } }, { deviceName: '/dev/sdc', ebs: { volumeSize: 2 } }] },
      want: { blockDeviceMappings: [{ deviceName: 'xvda', ebs: { volumeSize: 20 } }, { deviceName: '/dev/sdb', ebs: { volumeSize: 1 } }, { deviceName: '/dev/sdc', ebs: { volumeSize: 2 } }] },
    },
    'has the tags of both, the launch counting for one key': {
      template: { tagSpecifications: [{ resourceType: 'instance', tags: [{ key: 'a', value: '1' }, { key: 'b', value: '1' }] }] },
      launch: { tagSpecifications: [{ resourceType: 'instance', tags: [{ key: 'b', value: '2' }, { key: 'c', value: '2' }] }, { resourceType: 'volume', tags: [] }] },
      want: {
        tagSpecifications: [
          { resourceType: 'instance', tags: [{ key: 'a', value: '1' }, { key: 'b', value: '2' }, { key: 'c', value: '2' }] },
          { resourceType: 'volume', tags: [] },
        ],
      },
    },
  };
  for (const [name, { template, launch, want }] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(mergedLaunchTemplateData(template, launch), want));
  }
});
