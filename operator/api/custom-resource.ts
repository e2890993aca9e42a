import type { z } from 'zod';
import { API_GROUP, API_VERSION, type ObjectMeta } from './shared.ts';

/** A column of `kubectl get`. `path` is a JSONPath that begins with a dot. */
export interface PrinterColumn {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  path: string;
  description?: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  priority?: 0 | 1;
}

/** A CEL rule that the API server evaluates on writes. `fieldPath` (below the place of the rule) points the message at a field. */
export interface ValidationRule {
  rule: string;
  message: string;
  fieldPath?: string;
  reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
}

/** The `scale` subresource, so that kubectl scale and a HorizontalPodAutoscaler work. */
export interface ScaleSubresource {
  specReplicasPath: string;
  statusReplicasPath: string;
  labelSelectorPath: string;
}

/** Everything that defines a kind of this project: the generator makes the CRD of it, the rest of the code its types. */
export interface CustomResourceDefinition<Kind extends string, Spec extends z.ZodType, Status extends z.ZodType> {
  group: typeof API_GROUP;
  version: typeof API_VERSION;
  /** `kube-ec2.io/v1alpha1` */
  apiVersion: string;
  kind: Kind;
  plural: string;
  singular: string;
  shortNames: string[];
  namespaced: boolean;
  /** One or two sentences for `kubectl explain`. */
  description: string;
  spec: Spec;
  status: Status;
  printerColumns: PrinterColumn[];
  /** Rules on `spec` as a whole (`self` is the spec). Rules of single fields stand at the field by `.meta({ 'x-kubernetes-validations': [...] })`. */
  specRules: ValidationRule[];
  /** Rules on the whole object (`self` is the object). */
  objectRules: ValidationRule[];
  scale?: ScaleSubresource;
}

/** An object of a kind, as read from the API server: defaults filled in, status absent until a controller has written it. */
export interface CustomResource<Spec, Status> {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec: Spec;
  status?: Status;
}

type Parts<Kind extends string, Spec extends z.ZodType, Status extends z.ZodType> = Omit<
  CustomResourceDefinition<Kind, Spec, Status>,
  'group' | 'version' | 'apiVersion' | 'singular' | 'specRules' | 'objectRules'
> & { specRules?: ValidationRule[]; objectRules?: ValidationRule[] };

/** Completes a definition with what all kinds share. */
export function defineCustomResource<Kind extends string, Spec extends z.ZodType, Status extends z.ZodType>(
  parts: Parts<Kind, Spec, Status>,
): CustomResourceDefinition<Kind, Spec, Status> {
  return {
    specRules: [],
    objectRules: [],
    ...parts,
    group: API_GROUP,
    version: API_VERSION,
    apiVersion: `${API_GROUP}/${API_VERSION}`,
    singular: parts.kind.toLowerCase(),
  };
}
