import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { CreateManagedPrefixListRequest, ModifyManagedPrefixListRequest } from '@aws-sdk/client-ec2';
import { createManagedPrefixList } from '../../../../../operator/endpoint/ec2/prefix-lists/CreateManagedPrefixList.ts';
import { deleteManagedPrefixList } from '../../../../../operator/endpoint/ec2/prefix-lists/DeleteManagedPrefixList.ts';
import { describeManagedPrefixLists } from '../../../../../operator/endpoint/ec2/prefix-lists/DescribeManagedPrefixLists.ts';
import { getManagedPrefixListAssociations } from '../../../../../operator/endpoint/ec2/prefix-lists/GetManagedPrefixListAssociations.ts';
import { getManagedPrefixListEntries } from '../../../../../operator/endpoint/ec2/prefix-lists/GetManagedPrefixListEntries.ts';
import { modifyManagedPrefixList } from '../../../../../operator/endpoint/ec2/prefix-lists/ModifyManagedPrefixList.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { ManagedPrefixList } from '../../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup } from '../../../../support/instance-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const request: CreateManagedPrefixListRequest = { PrefixListName: 'office', AddressFamily: 'IPv4', MaxEntries: 3, Entries: [{ Cidr: '10.1.2.3/16', Description: 'one' }, { Cidr: '10.2.0.0/16' }] };

function code(wanted: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    return true;
  };
}

function cloud(): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({ objects: [theAccount()] });
  return { cluster, context: operationContext(cluster) };
}

describe('managed prefix lists', () => {
  it('are made, changed in versions, described and removed', async () => {
    const { cluster, context } = cloud();
    const made = await createManagedPrefixList({ ...request, TagSpecifications: [{ ResourceType: 'prefix-list', Tags: [{ Key: 'k', Value: 'v' }] }] }, context);
    assert.deepEqual(checker.violations('CreateManagedPrefixList', made), []);
    const { PrefixListId = '', PrefixListArn, ...rest } = made.PrefixList ?? {};
    assert.match(`${PrefixListId} ${String(PrefixListArn)}`, /^(pl-[0-9a-f]{17}) arn:aws:ec2:us-east-1:123456789012:prefix-list\/\1$/);
    assert.deepEqual(rest, { PrefixListName: 'office', AddressFamily: 'IPv4', State: 'create-complete', MaxEntries: 3, Version: 1, OwnerId: ACCOUNT_ID, Tags: [{ Key: 'k', Value: 'v' }] });
    const entries = async (): Promise<string[]> => {
      const answer = await getManagedPrefixListEntries({ PrefixListId }, context);
      assert.deepEqual(checker.violations('GetManagedPrefixListEntries', answer), []);
      return (answer.Entries ?? []).map(({ Cidr, Description = '' }) => `${String(Cidr)} ${Description}`);
    };
    assert.deepEqual(await entries(), ['10.1.0.0/16 one', '10.2.0.0/16 ']);
    const modified = await modifyManagedPrefixList({ PrefixListId, CurrentVersion: 1, RemoveEntries: [{ Cidr: '10.1.0.0/16' }], AddEntries: [{ Cidr: '10.3.0.0/16' }, { Cidr: '10.2.0.0/16', Description: 'two' }], PrefixListName: 'home' }, context);
    assert.deepEqual(checker.violations('ModifyManagedPrefixList', modified), []);
    assert.deepEqual([modified.PrefixList?.Version, modified.PrefixList?.State, modified.PrefixList?.PrefixListName], [2, 'modify-complete', 'home']);
    assert.deepEqual(await entries(), ['10.2.0.0/16 two', '10.3.0.0/16 ']);
    await assert.rejects(getManagedPrefixListEntries({ PrefixListId, TargetVersion: 1 }, context), code('PrefixListVersionNotFound'));
    for (const [Name, Value] of [['prefix-list-name', 'ho*'], ['prefix-list-id', PrefixListId], ['owner-id', ACCOUNT_ID], ['tag:k', 'v']] as const) {
      const found = await describeManagedPrefixLists({ Filters: [{ Name, Values: [Value] }] }, context);
      assert.deepEqual(checker.violations('DescribeManagedPrefixLists', found), []);
      assert.equal(found.PrefixLists?.length, 1, Name);
    }
    cluster.add(aSecurityGroup('sg-00000000000000001', { ingress: [{ ipProtocol: '-1', prefixListId: PrefixListId }] }));
    const associations = await getManagedPrefixListAssociations({ PrefixListId }, context);
    assert.deepEqual(checker.violations('GetManagedPrefixListAssociations', associations), []);
    assert.deepEqual(associations.PrefixListAssociations, [{ ResourceId: 'sg-00000000000000001', ResourceOwner: ACCOUNT_ID }]);
    await assert.rejects(deleteManagedPrefixList({ PrefixListId }, context), code('DependencyViolation'));
    cluster.add(aSecurityGroup('sg-00000000000000001'));
    assert.equal((await deleteManagedPrefixList({ PrefixListId }, context)).PrefixList?.State, 'delete-complete');
    await assert.rejects(describeManagedPrefixLists({ PrefixListIds: [PrefixListId] }, context), code('InvalidPrefixListID.NotFound'));
  });

  it('are made once per token', async () => {
    const { cluster, context } = cloud();
    const ids = await Promise.all([1, 2].map(async () => (await createManagedPrefixList({ ...request, ClientToken: 't' }, context)).PrefixList?.PrefixListId));
    assert.equal(new Set(ids).size, 1);
    await assert.rejects(createManagedPrefixList({ ...request, MaxEntries: 9, ClientToken: 't' }, context), code('IdempotentParameterMismatch'));
    assert.equal(cluster.list(ManagedPrefixList, NAMESPACE).length, 1);
  });

  const refused: Record<string, { input: Partial<CreateManagedPrefixListRequest>; want: string }> = {
    'without a name': { input: { PrefixListName: '' }, want: 'MissingParameter' },
    "with the service's own name": { input: { PrefixListName: 'com.amazonaws.s3' }, want: 'InvalidParameterValue' },
    'of no family': { input: { AddressFamily: 'IPv5' }, want: 'InvalidParameterValue' },
    'with blocks of another family': { input: { Entries: [{ Cidr: 'fd00::/8' }] }, want: 'InvalidParameterValue' },
    'with one block twice': { input: { Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '10.1.0.0/8' }] }, want: 'InvalidParameterValue' },
    'with more entries than fit': { input: { MaxEntries: 1 }, want: 'PrefixListMaxEntriesExceeded' },
    'of no size': { input: { MaxEntries: 0 }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`are not made ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(createManagedPrefixList({ ...request, ...input }, context), code(want));
      assert.equal(cluster.writes.length, 0);
    });
  }

  const unchanged: Record<string, { input: Omit<ModifyManagedPrefixListRequest, 'PrefixListId'>; want: string }> = {
    'without a version': { input: { AddEntries: [{ Cidr: '10.9.0.0/16' }] }, want: 'MissingParameter' },
    'of another version': { input: { CurrentVersion: 2, AddEntries: [{ Cidr: '10.9.0.0/16' }] }, want: 'PrefixListVersionMismatch' },
    'in size and entries at a time': { input: { CurrentVersion: 1, MaxEntries: 5, AddEntries: [{ Cidr: '10.9.0.0/16' }] }, want: 'InvalidParameterCombination' },
    'to a size that its entries do not fit': { input: { MaxEntries: 1 }, want: 'PrefixListMaxEntriesExceeded' },
    'by what is not in it': { input: { CurrentVersion: 1, RemoveEntries: [{ Cidr: '10.9.0.0/16' }] }, want: 'InvalidParameterValue' },
    'to more entries than fit': { input: { CurrentVersion: 1, AddEntries: [{ Cidr: '10.8.0.0/16' }, { Cidr: '10.9.0.0/16' }] }, want: 'PrefixListMaxEntriesExceeded' },
  };
  for (const [name, { input, want }] of Object.entries(unchanged)) {
    it(`are not changed ${name}`, async () => {
      const { context } = cloud();
      const PrefixListId = (await createManagedPrefixList(request, context)).PrefixList?.PrefixListId ?? '';
      await assert.rejects(modifyManagedPrefixList({ PrefixListId, ...input }, context), code(want));
      assert.equal((await describeManagedPrefixLists({}, context)).PrefixLists?.[0]?.Version, 1);
    });
  }
});
