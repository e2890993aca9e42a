import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { describeCapacityReservations } from '../../../../operator/endpoint/ec2/capacity-reservations/DescribeCapacityReservations.ts';
import { cancelExportTask } from '../../../../operator/endpoint/ec2/exports/CancelExportTask.ts';
import { describeExportImageTasks } from '../../../../operator/endpoint/ec2/exports/DescribeExportImageTasks.ts';
import { describeExportTasks } from '../../../../operator/endpoint/ec2/exports/DescribeExportTasks.ts';
import { describeStoreImageTasks } from '../../../../operator/endpoint/ec2/exports/DescribeStoreImageTasks.ts';
import { getInstanceUefiData } from '../../../../operator/endpoint/ec2/instances/GetInstanceUefiData.ts';
import { cancelSpotInstanceRequests } from '../../../../operator/endpoint/ec2/spot/CancelSpotInstanceRequests.ts';
import { describeSpotInstanceRequests } from '../../../../operator/endpoint/ec2/spot/DescribeSpotInstanceRequests.ts';
import { describeSpotPriceHistory } from '../../../../operator/endpoint/ec2/spot/DescribeSpotPriceHistory.ts';
import { requestSpotInstances } from '../../../../operator/endpoint/ec2/spot/RequestSpotInstances.ts';
import { anAmi, theAccount } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { operationContext } from '../../../support/operation-context.ts';
import { ResponseChecker } from '../../../support/response-violations.ts';

const INSTANCE = 'i-00000000000000001';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const context = () => operationContext(new FakeCluster({ objects: [theAccount(), anInstance(INSTANCE)] }));

describe('what nobody can have here', () => {
  const lists: Record<string, { act: (input: object) => Promise<object>; idsMember?: string; id: string; code: string }> = {
    DescribeSpotInstanceRequests: { act: (input) => describeSpotInstanceRequests(input, context()), idsMember: 'SpotInstanceRequestIds', id: 'sir-08b93456', code: 'InvalidSpotInstanceRequestID' },
    DescribeSpotPriceHistory: { act: (input) => describeSpotPriceHistory(input, context()), id: '', code: '' },
    DescribeCapacityReservations: { act: (input) => describeCapacityReservations(input, context()), idsMember: 'CapacityReservationIds', id: 'cr-00000000000000001', code: 'InvalidCapacityReservationId' },
  };
  for (const [name, { act, idsMember, id, code }] of Object.entries(lists)) {
    it(`${name} lists nothing, whatever is asked for rightly`, async () => {
      for (const input of [{}, { MaxResults: 5 }, { Filters: [{ Name: 'instance-type', Values: ['t3.*'] }] }]) {
        if (name === 'DescribeSpotInstanceRequests' && input.Filters) input.Filters = [{ Name: 'state', Values: ['active'] }];
        const result = await act(input);
        assert.deepEqual(checker.violations(name, result), []);
        assert.deepEqual(Object.values(result), [[]]);
      }
    });
    it(`${name} refuses a filter that it does not have`, () => assert.rejects(act({ Filters: [{ Name: 'colour', Values: ['red'] }] }), { code: 'InvalidParameterValue' }));
    it(`${name} refuses a token that it never gave`, () => assert.rejects(act({ NextToken: 'abc' }), { code: 'InvalidNextToken' }));
    if (idsMember) {
      it(`${name} finds no id`, async () => {
        await assert.rejects(act({ [idsMember]: [id] }), { code: `${code}.NotFound` });
        await assert.rejects(act({ [idsMember]: [id, 'x'] }), { code: `${code}.Malformed` });
      });
    }
  }
  describe('exports', () => {
    const imageId = 'ami-00000000000000001';
    const imageContext = () => operationContext(new FakeCluster({ objects: [theAccount(), anAmi(imageId)] }));
    const exports: Record<string, { act: (input: object) => Promise<object>; idsMember?: string; id: string }> = {
      DescribeExportImageTasks: { act: (input) => describeExportImageTasks(input, context()), idsMember: 'ExportImageTaskIds', id: 'export-ami-00000000000000001' },
      DescribeExportTasks: { act: (input) => describeExportTasks(input, context()), idsMember: 'ExportTaskIds', id: 'export-i-00000001' },
      DescribeStoreImageTasks: { act: (input) => describeStoreImageTasks(input, imageContext()), id: '' },
    };
    for (const [name, { act, idsMember, id }] of Object.entries(exports)) {
      it(`${name} lists nothing, and refuses what it does not have`, async () => {
        for (const input of [{}, { Filters: [{ Name: 'task-state', Values: ['active'] }] }]) {
          const result = await act(input);
          assert.deepEqual([checker.violations(name, result), Object.values(result)], [[], [[]]]);
        }
        await assert.rejects(act({ Filters: [{ Name: 'colour', Values: ['red'] }] }), { code: 'InvalidParameterValue' });
        if (!idsMember) return;
        await assert.rejects(act({ [idsMember]: [id] }), { code: 'InvalidExportTaskID.NotFound' });
        await assert.rejects(act({ [idsMember]: ['x'] }), { code: 'InvalidExportTaskID.Malformed' });
      });
    }
    it('of images are asked for by the image, which must be there', async () => {
      assert.deepEqual(await describeStoreImageTasks({ ImageIds: [imageId] }, imageContext()), { StoreImageTaskResults: [] });
      await assert.rejects(describeStoreImageTasks({ ImageIds: ['ami-0000000000000000f'] }, imageContext()), { code: 'InvalidAMIID.NotFound' });
      await assert.rejects(describeStoreImageTasks({ MaxResults: 201 }, imageContext()), { code: 'InvalidParameterValue' });
    });
    it('cannot be cancelled', async () => {
      for (const ExportTaskId of ['export-ami-00000000000000001', 'export-i-00000001']) await assert.rejects(cancelExportTask({ ExportTaskId }, context()), { code: 'InvalidExportTaskID.NotFound' });
      await assert.rejects(cancelExportTask({ ExportTaskId: 'x' }, context()), { code: 'InvalidExportTaskID.Malformed' });
    });
  });

  it('cannot be asked for or cancelled', async () => {
    await assert.rejects(requestSpotInstances({}, context()), { code: 'UnsupportedOperation' });
    await assert.rejects(cancelSpotInstanceRequests({ SpotInstanceRequestIds: ['sir-08b93456'] }, context()), { code: 'InvalidSpotInstanceRequestID.NotFound' });
  });
});

describe('GetInstanceUefiData', () => {
  it('refuses: there is no store that lasts', () => assert.rejects(getInstanceUefiData({ InstanceId: INSTANCE }, context()), { code: 'UnsupportedOperation' }));
  it('says so first if there is no such instance', () => assert.rejects(getInstanceUefiData({ InstanceId: 'ami-00000000000000001' }, context()), { code: 'InvalidInstanceID.Malformed' }));
});
