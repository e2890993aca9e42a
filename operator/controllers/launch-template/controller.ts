import { LaunchTemplate } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { namesakesOf, reconcile } from './reconcile.ts';

/** Numbers launch templates and their versions. Launching from them is the business of whoever launches. */
export function launchTemplateController(): AnyController {
  return defineController({
    name: 'launch-template',
    type: LaunchTemplate,
    watches: [
      // When the older of two with one name goes, the other has the name to itself.
      watching(LaunchTemplate, (template, read) => namesakesOf(template, read).map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }))),
    ],
    permissions: [],
    concurrency: 2,
    reconcile,
  });
}
