import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { LaunchTemplateSpec } from '../../../api/compute/launch-template.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { LaunchTemplate } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import { IdKinds } from '../ids.ts';
import { inTurn } from '../in-turn.ts';

/** What becomes of fields of a template's spec; undefined if nothing has to change. Pure: it is asked again after a lost race. */
export type TemplateChange = (template: LaunchTemplate) => Partial<LaunchTemplateSpec> | undefined;

/** Enough for many callers at the same template: of those that race one always wins. */
const ATTEMPTS = 50;

/**
 * Changes a template. Every write names the version of the object that it was computed from, so calls at the same time lose nothing to each other.
 * @throws AwsError InvalidLaunchTemplateId.NotFound - it went away meanwhile
 */
export async function changeTemplate(template: LaunchTemplate, change: TemplateChange, write: Write): Promise<LaunchTemplate> {
  return inTurn(`launch-template/${template.metadata.uid ?? template.metadata.name}`, async () => attempt(template, change, write));
}

async function attempt(template: LaunchTemplate, change: TemplateChange, write: Write): Promise<LaunchTemplate> {
  const { namespace, name } = template.metadata;
  const patch = async (body: { [field: string]: Json | undefined }): Promise<LaunchTemplate> =>
    write.patch(LaunchTemplate, { namespace, name }, body).catch((error: unknown) => {
      throw isNotFound(error) ? gone(template, error) : error;
    });
  // An empty patch changes nothing and answers with the object as it is now, which the cache may not show yet.
  let current = await patch({});
  for (let tries = 1; ; tries += 1) {
    if (current.metadata.uid !== template.metadata.uid) throw gone(template);
    const spec = change(current);
    if (spec === undefined) return current;
    try {
      return await patch({ metadata: { resourceVersion: current.metadata.resourceVersion }, spec: spec as unknown as Json });
    } catch (error) {
      if (!isConflict(error) || tries === ATTEMPTS) throw error;
    }
    current = await patch({});
  }
}

function gone(template: LaunchTemplate, cause?: unknown): AwsError {
  const { notFoundCode, notFound } = IdKinds.launchTemplate;
  return new AwsError(notFoundCode, notFound([ec2IdOf('lt', template)]), cause === undefined ? {} : { cause });
}
