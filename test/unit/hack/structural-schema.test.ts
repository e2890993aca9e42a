import assert from 'node:assert/strict';
import { z } from 'zod';
import { NotStructuralError, structuralSchemaFrom } from '../../../hack/structural-schema.ts';

const recursive: z.ZodType = z.lazy(() => z.object({ children: z.array(recursive).optional() }));

describe('structuralSchemaFrom', () => {
  const translated = {
    'keeps bounds, descriptions and defaults': {
      schema: z.int().min(1).max(9).default(3).describe('How many.'),
      want: { description: 'How many.', type: 'integer', default: 3, minimum: 1, maximum: 9 },
    },
    "drops zod's bounds of 2^53": { schema: z.int(), want: { type: 'integer' } },
    'drops the pattern of a date-time, which the format says': { schema: z.iso.datetime(), want: { type: 'string', format: 'date-time' } },
    'keeps a pattern without a message': { schema: z.string().regex(/^a\/b$/), want: { type: 'string', pattern: '^a/b$' } },
    'turns a pattern with a message into a CEL rule': {
      schema: z.string().regex(/^"[0-9]\.$/, 'must be so').max(3),
      want: { type: 'string', maxLength: 3, 'x-kubernetes-validations': [{ rule: 'self.matches("^\\"[0-9]\\\\.$")', message: 'must be so' }] },
    },
    'puts that rule before those of the field': {
      schema: z.string().regex(/^a$/, 'must be a').max(1).meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] }),
      want: { type: 'string', maxLength: 1, 'x-kubernetes-validations': [{ rule: 'self.matches("^a$")', message: 'must be a' }, { rule: 'self == oldSelf' }] },
    },
    'fields with a default are not required': {
      schema: z.object({ a: z.string(), b: z.string().default('x'), c: z.string().optional() }),
      want: { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { type: 'string', default: 'x' }, c: { type: 'string' } } },
    },
    'an object that is filled in has the empty object as its default': {
      schema: z.object({ a: z.string().default('x') }).prefault({}),
      want: { type: 'object', default: {}, properties: { a: { type: 'string', default: 'x' } } },
    },
    'passes list types on': {
      schema: z.array(z.string()).meta({ 'x-kubernetes-list-type': 'set' }),
      want: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    },
    'an intersection of objects is one object': {
      schema: z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })),
      want: { type: 'object', required: ['a', 'b'], properties: { a: { type: 'string' }, b: { type: 'string' } } },
    },
    'a map of strings': { schema: z.record(z.string(), z.string()), want: { type: 'object', additionalProperties: { type: 'string' } } },
    'takes what says itself that its fields are open': {
      schema: z.unknown().meta({ 'x-kubernetes-preserve-unknown-fields': true }),
      want: { 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
  for (const [name, { schema, want }] of Object.entries(translated)) {
    it(name, () => assert.deepEqual(structuralSchemaFrom(schema, 'Kind.spec'), want));
  }

  const refused = {
    'a union': { schema: z.union([z.string(), z.int()]), want: /^Kind\.spec\.field: "anyOf"/ },
    'a discriminated union': {
      schema: z.discriminatedUnion('a', [z.object({ a: z.literal('x') }), z.object({ a: z.literal('y') })]),
      want: /^Kind\.spec\.field: "oneOf"/,
    },
    'an intersection that is not of objects': { schema: z.intersection(z.string().min(1), z.string().max(2)), want: /^Kind\.spec\.field: "allOf"/ },
    'a recursive schema': { schema: recursive, want: /^Kind\.spec\.field.*"\$ref"/ },
    'a schema with an id': { schema: z.object({ inner: z.string().meta({ id: 'Inner' }) }), want: /^Kind\.spec\.field\.inner: "\$ref"/ },
    'a tuple': { schema: z.tuple([z.string()]), want: /^Kind\.spec\.field\[\]: "anyOf"/ },
    'an object that takes further fields': { schema: z.looseObject({ a: z.string() }), want: /^Kind\.spec\.field: properties beside additionalProperties/ },
    'an object that refuses further fields': { schema: z.strictObject({ a: z.string() }), want: /^Kind\.spec\.field: properties beside additionalProperties/ },
    'an object without fields': { schema: z.object({}), want: /^Kind\.spec\.field: is an object without fields/ },
    'anything': { schema: z.any(), want: /^Kind\.spec\.field: has no type/ },
    'a date': { schema: z.date(), want: /^Kind\.spec\.field: has no type/ },
    'a big integer': { schema: z.bigint(), want: /^Kind\.spec\.field: has no type/ },
    'a transformation': { schema: z.string().transform(Number), want: /^Kind\.spec\.field: a transformation/ },
    'a coercion by pipe': { schema: z.string().pipe(z.string()), want: /^Kind\.spec\.field: a transformation/ },
    'a trimmed text': { schema: z.string().trim(), want: /^Kind\.spec\.field: the check "overwrite"/ },
    'a check in code': { schema: z.string().refine((text) => text !== 'x'), want: /^Kind\.spec\.field: the check "custom"/ },
    'a map with restricted keys': { schema: z.record(z.string().max(3), z.string()), want: /^Kind\.spec\.field: a CRD cannot restrict the keys/ },
    'a pattern with a look-ahead': { schema: z.string().regex(/^(?!a)/), want: /^Kind\.spec\.field: the pattern .*look-around/ },
    'a host name, whose pattern has a look-ahead': { schema: z.hostname(), want: /^Kind\.spec\.field: the pattern .*look-around/ },
    'a pattern with a back reference': { schema: z.string().regex(/^(a)\1$/, 'm').max(9), want: /^Kind\.spec\.field: the pattern .*back references/ },
    'an explained pattern without a limit of length': { schema: z.string().regex(/^a$/, 'm'), want: /^Kind\.spec\.field: .* needs \.max\(\)/ },
    'a keyword that CRDs do not have': { schema: z.string().meta({ examples: ['a'] }), want: /^Kind\.spec\.field: the keyword "examples"/ },
    'a wrong item of a list': { schema: z.array(z.any()), want: /^Kind\.spec\.field\[\]: has no type/ },
    'a wrong value of a map': { schema: z.record(z.string(), z.any()), want: /^Kind\.spec\.field\{\}: has no type/ },
  };
  for (const [name, { schema, want }] of Object.entries(refused)) {
    it(`refuses ${name}, naming the field`, () => {
      assert.throws(
        () => structuralSchemaFrom(z.object({ field: schema }), 'Kind.spec'),
        (error: unknown) => error instanceof NotStructuralError && want.test(error.message),
      );
    });
  }
});
