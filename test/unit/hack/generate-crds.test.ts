import assert from 'node:assert/strict';
import { z } from 'zod';
import { customResourceDefinitionFor, generateCustomResourceDefinitions } from '../../../hack/generate-crds.ts';
import type { StructuralSchema } from '../../../hack/structural-schema.ts';
import { defineCustomResource } from '../../../operator/api/custom-resource.ts';
import { customResourceDefinitions } from '../../../operator/api/index.ts';

const definition = defineCustomResource({
  kind: 'Example',
  plural: 'examples',
  shortNames: ['ex'],
  namespaced: true,
  description: 'An example.',
  spec: z.object({ size: z.int().optional() }),
  status: z.object({ replicas: z.int().optional() }),
  printerColumns: [{ name: 'Size', type: 'integer', path: '.spec.size', priority: 1 }],
  specRules: [{ rule: 'self.size > 0', message: 'size must be positive', fieldPath: '.size' }],
  objectRules: [{ rule: 'self.metadata.name.size() < 9', message: 'the name is too long' }],
  scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' },
});

interface Version {
  schema: { openAPIV3Schema: StructuralSchema };
  subresources: object;
  additionalPrinterColumns: object[];
}

function versionOf(crd: Record<string, unknown>): Version {
  const [version] = (crd['spec'] as { versions: Version[] }).versions;
  assert.ok(version);
  return version;
}

describe('customResourceDefinitionFor', () => {
  const version = versionOf(customResourceDefinitionFor(definition));

  it('puts rules of the spec at the spec and rules of the object at the top', () => {
    const { openAPIV3Schema: schema } = version.schema;
    assert.deepEqual(schema.properties?.['spec']?.['x-kubernetes-validations'], definition.specRules);
    assert.deepEqual(schema['x-kubernetes-validations'], definition.objectRules);
  });

  it('writes printer columns with their JSONPath', () => {
    assert.deepEqual(version.additionalPrinterColumns, [{ name: 'Size', type: 'integer', priority: 1, jsonPath: '.spec.size' }]);
  });

  it('has the status and scale subresources', () => {
    assert.deepEqual(version.subresources, { status: {}, scale: definition.scale });
  });

  it('names the field of a schema that is not structural', () => {
    const wrong = { ...definition, status: z.object({ any: z.any() }) };
    assert.throws(() => customResourceDefinitionFor(wrong), /Example\.status\.any: has no type/);
  });
});

describe('the kinds of this project', () => {
  const fieldsWithoutDescription = (schema: StructuralSchema, path: string): string[] => [
    ...(schema['description'] === undefined ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => fieldsWithoutDescription(child, `${path}.${name}`)),
    ...(schema.items?.properties ? Object.entries(schema.items.properties).flatMap(([name, child]) => fieldsWithoutDescription(child, `${path}[].${name}`)) : []),
  ];

  for (const kind of customResourceDefinitions) {
    it(`${kind.kind}: kubectl explain has a text for every field of the spec`, () => {
      const spec = versionOf(customResourceDefinitionFor(kind)).schema.openAPIV3Schema.properties?.['spec'];
      assert.ok(spec);
      assert.deepEqual(fieldsWithoutDescription(spec, 'spec'), []);
    });
  }

  it('are written for kubectl and for Helm alike', () => {
    const { files } = generateCustomResourceDefinitions(customResourceDefinitions);
    const contentByPath = new Map(files.map(({ path, content }) => [path, content]));
    for (const { plural } of customResourceDefinitions) {
      assert.ok(contentByPath.get(`crds/${plural}.yaml`)?.startsWith('# Generated'));
      assert.equal(contentByPath.get(`charts/kube-ec2/crds/${plural}.yaml`), contentByPath.get(`crds/${plural}.yaml`));
    }
  });
});
