import type { DescribeImportImageTasksRequest } from '@aws-sdk/client-ec2';
import { isEc2Id } from '../../../api/ec2-id.ts';
import { importTaskIdOf } from '../../../api/compute/import-task.ts';
import { ImportTask } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach, requireOne } from '../ids.ts';
import { importTasksById, withinNamespace } from '../indexes.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { sdkTaskStateOf } from './sdk-import-task.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

const filterTable: FilterTable<ImportTask> = { 'task-state': (task) => [sdkTaskStateOf(task)] };
const BOUNDS = { minimum: 1, maximum: 1000 };

/** The caller's task of this id. @throws AwsError InvalidConversionTaskId.Malformed, InvalidConversionTaskId */
export function requireImportTask(id: string, context: Lookup): ImportTask {
  const kind = isEc2Id('import-snap', id) ? IdKinds.importSnapshotTask : IdKinds.importImageTask;
  return requireOne(kind, id, (wanted) => find(wanted, context));
}

/**
 * One page of the caller's tasks of a kind.
 * @throws AwsError InvalidConversionTaskId.Malformed, InvalidConversionTaskId, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 */
export function importTasksOf(kind: 'image' | 'snapshot', input: DescribeImportImageTasksRequest, context: ReadOnlyContext): { tasks: ImportTask[]; NextToken?: string } {
  forbidPagesWithIds('importTaskIds', input.ImportTaskIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ spec }) => spec.tags);
  const idKind = kind === 'image' ? IdKinds.importImageTask : IdKinds.importSnapshotTask;
  const asked = input.ImportTaskIds ?? [];
  const all = asked.length > 0 ? requireEach(idKind, asked, (id) => find(id, context)) : context.read.list(ImportTask, context.caller.namespace);
  const shown = all.filter((task) => isEc2Id(idKind.prefix, importTaskIdOf(task))).filter(matches);
  const scope = pageScopeOf(kind === 'image' ? 'DescribeImportImageTasks' : 'DescribeImportSnapshotTasks', context);
  const { items, NextToken } = pageOf(shown, input, BOUNDS, scope, ({ metadata }) => `${metadata.creationTimestamp ?? ''}/${metadata.name}`);
  return { tasks: items, ...(NextToken !== undefined && { NextToken }) };
}

function find(id: string, { read, caller }: Lookup): ImportTask | undefined {
  return read.byIndex(importTasksById, withinNamespace(caller.namespace, id))[0];
}
