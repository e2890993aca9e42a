import type { PutScalingPolicyType, StepAdjustment as SdkStep, TargetTrackingConfiguration } from '@aws-sdk/client-auto-scaling';
import { STATISTICS } from '../../../api/monitoring/metric.ts';
import { ADJUSTMENT_TYPES, PREDEFINED_METRICS, type ScalingPolicySpec, type StepAdjustment } from '../../../api/auto-scaling/scaling-policy.ts';
import { requireOneOf, validationError, wholeWithin } from '../../model-constraints.ts';
import { metricQueriesFrom, type RequestedQuery } from '../../monitoring/metrics/metric-queries.ts';

type Requested = Omit<ScalingPolicySpec, 'policyName' | 'autoScalingGroup' | 'execution'>;

/** What PutScalingPolicy asks for, checked. @throws AwsError ValidationError */
export function requestedPolicyFrom(input: PutScalingPolicyType): Requested {
  const { PolicyType = 'SimpleScaling', Enabled = true, EstimatedInstanceWarmup } = input;
  if (PolicyType === 'PredictiveScaling' || input.PredictiveScalingConfiguration) throw validationError('Predictive scaling is not supported.');
  const policyType = requireOneOf(PolicyType, 'policyType', ['TargetTrackingScaling', 'StepScaling', 'SimpleScaling'] as const);
  const warmup = EstimatedInstanceWarmup === undefined ? undefined : wholeWithin(EstimatedInstanceWarmup, 'estimatedInstanceWarmup', 0, 86_400);
  if (policyType === 'SimpleScaling' && warmup !== undefined) throw validationError('EstimatedInstanceWarmup is not supported for policies of type SimpleScaling');
  const common = { policyType, enabled: Enabled, ...(warmup !== undefined && { estimatedInstanceWarmup: warmup }) };
  if (policyType === 'TargetTrackingScaling') {
    if (input.AdjustmentType !== undefined || input.ScalingAdjustment !== undefined || hasItems(input.StepAdjustments) || input.Cooldown !== undefined) {
      throw validationError('AdjustmentType, ScalingAdjustment, StepAdjustments and Cooldown are not supported for policies of type TargetTrackingScaling');
    }
    return { ...common, targetTracking: targetTrackingFrom(input.TargetTrackingConfiguration) };
  }
  if (input.TargetTrackingConfiguration) throw validationError(`TargetTrackingConfiguration is not supported for policies of type ${policyType}`);
  const adjustmentType = requireOneOf(input.AdjustmentType, 'adjustmentType', ADJUSTMENT_TYPES);
  const magnitude = input.MinAdjustmentMagnitude ?? input.MinAdjustmentStep;
  if (magnitude !== undefined && adjustmentType !== 'PercentChangeInCapacity') throw validationError('MinAdjustmentMagnitude is supported for PercentChangeInCapacity only');
  const adjusting = { ...common, adjustmentType, ...(magnitude !== undefined && { minAdjustmentMagnitude: wholeWithin(magnitude, 'minAdjustmentMagnitude', 1, 10_000) }) };
  return policyType === 'SimpleScaling' ? { ...adjusting, ...simpleFrom(input) } : { ...adjusting, ...stepsFrom(input, adjustmentType) };
}

function simpleFrom(input: PutScalingPolicyType): Partial<Requested> {
  if (hasItems(input.StepAdjustments) || input.MetricAggregationType !== undefined) throw validationError('StepAdjustments and MetricAggregationType are not supported for policies of type SimpleScaling');
  if (input.ScalingAdjustment === undefined) throw validationError('ScalingAdjustment must be specified for policies of type SimpleScaling');
  const scalingAdjustment = wholeWithin(input.ScalingAdjustment, 'scalingAdjustment', input.AdjustmentType === 'ExactCapacity' ? 0 : -10_000, 10_000);
  return { scalingAdjustment, ...(input.Cooldown !== undefined && { cooldown: wholeWithin(input.Cooldown, 'cooldown', 0, 86_400) }) };
}

function stepsFrom(input: PutScalingPolicyType, adjustmentType: string): Partial<Requested> {
  if (input.ScalingAdjustment !== undefined || input.Cooldown !== undefined) throw validationError('ScalingAdjustment and Cooldown are not supported for policies of type StepScaling');
  const { StepAdjustments = [], MetricAggregationType } = input;
  if (StepAdjustments.length === 0) throw validationError('At least one StepAdjustment must be specified for policies of type StepScaling');
  if (StepAdjustments.length > 20) throw validationError('A policy may have 20 step adjustments.');
  const stepAdjustments = StepAdjustments.map((step) => stepFrom(step, adjustmentType));
  requireChain(stepAdjustments);
  return {
    stepAdjustments,
    ...(MetricAggregationType !== undefined && { metricAggregationType: requireOneOf(MetricAggregationType, 'metricAggregationType', ['Minimum', 'Maximum', 'Average'] as const) }),
  };
}

function stepFrom({ MetricIntervalLowerBound: lower, MetricIntervalUpperBound: upper, ScalingAdjustment }: SdkStep, adjustmentType: string): StepAdjustment {
  if (lower === undefined && upper === undefined) throw validationError('At least one of the bounds of a StepAdjustment must be specified');
  if (lower !== undefined && upper !== undefined && lower >= upper) throw validationError('The lower bound of a StepAdjustment must be less than its upper bound');
  return {
    ...(lower !== undefined && { metricIntervalLowerBound: lower }),
    ...(upper !== undefined && { metricIntervalUpperBound: upper }),
    scalingAdjustment: wholeWithin(ScalingAdjustment ?? NaN, 'stepAdjustments.scalingAdjustment', adjustmentType === 'ExactCapacity' ? 0 : -10_000, 10_000),
  };
}

/** Steps must neither overlap nor leave gaps. */
function requireChain(steps: readonly StepAdjustment[]): void {
  const sorted = steps.toSorted((left, right) => (left.metricIntervalLowerBound ?? -Infinity) - (right.metricIntervalLowerBound ?? -Infinity));
  for (const [index, step] of sorted.slice(1).entries()) {
    const before = sorted[index]?.metricIntervalUpperBound ?? Infinity;
    const lower = step.metricIntervalLowerBound ?? -Infinity;
    if (before > lower) throw validationError('StepAdjustment intervals can not overlap');
    if (before < lower) throw validationError('StepAdjustment intervals can not have gaps between them');
  }
}

function targetTrackingFrom(configuration: TargetTrackingConfiguration | undefined): NonNullable<ScalingPolicySpec['targetTracking']> {
  if (!configuration) throw validationError('TargetTrackingConfiguration must be specified for policies of type TargetTrackingScaling');
  const { PredefinedMetricSpecification, CustomizedMetricSpecification, TargetValue, DisableScaleIn = false } = configuration;
  if ((PredefinedMetricSpecification === undefined) === (CustomizedMetricSpecification === undefined)) {
    throw validationError('Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified');
  }
  if (TargetValue === undefined || !(TargetValue > 0)) throw validationError('TargetValue must be greater than 0');
  const common = { targetValue: TargetValue, disableScaleIn: DisableScaleIn };
  if (PredefinedMetricSpecification) {
    const { PredefinedMetricType, ResourceLabel } = PredefinedMetricSpecification;
    const predefinedMetricType = requireOneOf(PredefinedMetricType, 'predefinedMetricType', PREDEFINED_METRICS);
    const isRequests = predefinedMetricType === 'ALBRequestCountPerTarget';
    if (isRequests !== (ResourceLabel !== undefined)) throw validationError('ResourceLabel must be specified for ALBRequestCountPerTarget, and for no other metric');
    return { ...common, predefinedMetricType, ...(ResourceLabel !== undefined && { resourceLabel: ResourceLabel }) };
  }
  return { ...common, customizedMetric: customizedMetricFrom(CustomizedMetricSpecification ?? {}) };
}

/** Seconds that Auto Scaling takes for a period of a customized metric. */
const PERIODS = ['10', '30', '60'] as const;
const DEFAULT_PERIOD = 60;

function customizedMetricFrom(specification: NonNullable<TargetTrackingConfiguration['CustomizedMetricSpecification']>): NonNullable<NonNullable<ScalingPolicySpec['targetTracking']>['customizedMetric']> {
  const { Metrics, Namespace = '', MetricName = '', Dimensions = [], Statistic, Unit, Period } = specification;
  if (hasItems(Metrics)) {
    if (Namespace !== '' || MetricName !== '' || Statistic !== undefined) throw validationError('Metrics and a single metric cannot be specified together for a customized metric');
    for (const { MetricStat } of Metrics) if (MetricStat?.Period !== undefined) requireOneOf(String(MetricStat.Period), 'period', PERIODS);
    return { metrics: metricQueriesFrom(Metrics as readonly RequestedQuery[], DEFAULT_PERIOD) };
  }
  if (Namespace === '' || MetricName === '') throw validationError('Namespace and MetricName must be specified for a customized metric');
  return {
    namespace: Namespace,
    metricName: MetricName,
    ...(Dimensions.length > 0 && { dimensions: Dimensions.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value })) }),
    statistic: requireOneOf(Statistic, 'statistic', STATISTICS),
    ...(Unit !== undefined && { unit: Unit }),
    ...(Period !== undefined && { period: Number(requireOneOf(String(Period), 'period', PERIODS)) }),
  };
}

function hasItems<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}
