import type { Filter } from '@aws-sdk/client-auto-scaling';
import type { Tag } from '../../api/shared.ts';
import { predicateFrom, type FilterTable } from '../ec2/filters.ts';
import { validated } from './validation.ts';

/** Filters as EC2 has them, refused in Auto Scaling's code. @throws AwsError ValidationError */
export function matcherFrom<T>(filters: readonly Filter[] | undefined, table: FilterTable<T>, tagsOf?: (object: T) => readonly Tag[] | undefined): (object: T) => boolean {
  return validated(() => predicateFrom(filters, table, tagsOf));
}
