import { stringify } from 'yaml';
import type { z } from 'zod';
import type { CustomResourceDefinition, ValidationRule } from '../operator/api/custom-resource.ts';
import type { GeneratorOutput } from './generated-file.ts';
import { structuralSchemaFrom, type StructuralSchema } from './structural-schema.ts';

/** Any definition of `operator/api`. */
export type AnyDefinition = CustomResourceDefinition<string, z.ZodType, z.ZodType>;

/** Where the CRDs go: for `kubectl apply -f crds`, and for Helm. */
const DIRECTORIES = ['crds', 'charts/kube-ec2/crds'];

/** One file for each definition in each directory. */
export function generateCustomResourceDefinitions(definitions: readonly AnyDefinition[]): GeneratorOutput {
  const files = definitions.flatMap((definition) => {
    const content = `# Generated from operator/api/ by "npm run generate"; do not edit.\n${yamlFrom(customResourceDefinitionFor(definition))}`;
    return DIRECTORIES.map((directory) => ({ path: `${directory}/${definition.plural}.yaml`, content }));
  });
  return { files, ownedDirectories: DIRECTORIES };
}

/** The CustomResourceDefinition object of a definition. @throws NotStructuralError */
export function customResourceDefinitionFor(definition: AnyDefinition): Record<string, unknown> {
  const { group, version, kind, plural, singular, shortNames, namespaced } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'app.kubernetes.io/part-of': 'kube-ec2' } },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames, categories: ['ec2'] },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: objectSchemaOf(definition) },
          subresources: { status: {}, ...(definition.scale && { scale: definition.scale }) },
          additionalPrinterColumns: definition.printerColumns.map(({ path, ...column }) => ({ ...column, jsonPath: path })),
        },
      ],
    },
  };
}

function objectSchemaOf({ kind, description, spec, status, specRules, objectRules }: AnyDefinition): StructuralSchema {
  const text = { type: 'string' };
  return withRules(
    {
      type: 'object',
      description,
      required: ['spec'],
      properties: {
        apiVersion: text,
        kind: text,
        metadata: { type: 'object' },
        spec: withRules({ description: 'What should be.', ...structuralSchemaFrom(spec, `${kind}.spec`) }, specRules),
        // One owner writes all of it: noting down who owns which field of it would be half of what the API server does for a write.
        status: { description: 'What is; written by the operator.', ...structuralSchemaFrom(status, `${kind}.status`), 'x-kubernetes-map-type': 'atomic' },
      },
    },
    objectRules,
  );
}

function withRules(schema: StructuralSchema, rules: readonly ValidationRule[]): StructuralSchema {
  if (rules.length === 0) return schema;
  return { ...schema, 'x-kubernetes-validations': [...(schema['x-kubernetes-validations'] ?? []), ...rules] };
}

/** YAML as the project writes it: no anchors, no folded lines, so that a diff shows one change as one line. */
export function yamlFrom(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}
