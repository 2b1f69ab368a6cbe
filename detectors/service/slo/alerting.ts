/** Alert policies and conditions of OpenSLO documents become the rules of an objective. */
import type { Fields } from '../files/fields.ts';
import { durationOf, isFixed, lengthText, nominalMs } from './duration.ts';
import type { BurnRule } from './objective.ts';
import type { FindObject } from './open-slo.ts';
import { minimumOf, type RuleFrame, ruleProblem, usualRules } from './rules.ts';

export interface Alerting {
  readonly rules: readonly BurnRule[];
  readonly alertNoData: boolean;
  readonly notes: readonly string[];
}

const minuteMs = 60_000;
/** The short window is this part of the long one, as in the workbook. */
const shortPart = 12;

function lengthOf(fields: Fields, name: string, required: boolean): number | undefined {
  const text = fields.text(name, { required });
  if (text === undefined || (!required && /^0[mhd]?$/.test(text))) return text === undefined ? undefined : 0;
  const duration = durationOf(text);
  if (duration && isFixed(duration)) return nominalMs(duration);
  return fields.fail(name, `${name} is "${text}"`, 'A duration such as 5m, 1h or 3d.');
}

interface NamedCondition {
  readonly name: string;
  readonly metadata: Fields | undefined;
  readonly spec: Fields;
}

function conditionOf(given: Fields, find: FindObject): NamedCondition | undefined {
  const reference = given.text('conditionRef');
  if (reference !== undefined) {
    const object = find('AlertCondition', reference, given, 'conditionRef');
    return object && { name: object.name, metadata: object.metadata, spec: object.spec };
  }
  given.only('apiVersion', 'kind', 'metadata', 'spec', 'conditionRef');
  const metadata = given.map('metadata');
  const spec = given.map('spec', true);
  return spec && { name: metadata?.text('name') ?? '', metadata, spec };
}

/** The short window: as annotated, or a twelfth of the long one, at least a slice. */
function shortOf(metadata: Fields | undefined, longMs: number, sliceMs: number): number | undefined {
  const annotations = metadata?.map('annotations');
  const stated = annotations && lengthOf(annotations, 'weir/short-window', false);
  if (stated !== undefined) {
    if (stated <= 0 || stated > longMs)
      return annotations!.fail('weir/short-window', 'the short window is longer than the long one', 'A part of lookbackWindow.');
    return stated;
  }
  const short = Math.floor(longMs / shortPart / sliceMs) * sliceMs;
  // Where the long window holds fewer than twelve slices, one of them is short enough.
  return longMs >= 2 * sliceMs ? Math.max(short, sliceMs) : Math.max(short, minuteMs);
}

function ruleOf({ name, metadata, spec }: NamedCondition, frame: RuleFrame): BurnRule | undefined {
  spec.only('description', 'severity', 'condition');
  const severity = spec.text('severity', { required: true, most: 63 });
  const condition = spec.map('condition', true);
  if (!condition || severity === undefined) return undefined;
  condition.only('kind', 'op', 'threshold', 'lookbackWindow', 'alertAfter');
  const kind = condition.text('kind') ?? 'burnrate';
  if (kind !== 'burnrate') return condition.fail('kind', `kind is "${kind}"`, 'burnrate is the only one.');
  const op = condition.text('op', { oneOf: ['gte', 'gt', 'lte', 'lt'] }) ?? 'gte';
  if (op !== 'gte' && op !== 'gt') return condition.fail('op', `op is "${op}": it would fire while the budget burns slowly`, 'gte or gt.');
  const threshold = condition.number('threshold', { required: true, above: 0 });
  const longMs = lengthOf(condition, 'lookbackWindow', true);
  const afterMs = lengthOf(condition, 'alertAfter', false) ?? 0;
  if (threshold === undefined || longMs === undefined) return undefined;
  const shortMs = shortOf(metadata, longMs, frame.sliceMs);
  if (shortMs === undefined) return undefined;
  const rule: BurnRule = {
    name: name === '' ? `${severity}-${lengthText(longMs)}` : name,
    severity,
    threshold,
    strict: op === 'gt',
    longMs,
    shortMs,
    afterMs,
    minimumEvents: minimumOf(threshold, frame),
  };
  const problem = ruleProblem(rule, frame);
  return problem ? condition.fail('threshold', problem.message, problem.hint) : rule;
}

/** What the alertPolicies of an SLO say; the published rules where it has none. */
export function readAlerting(spec: Fields, find: FindObject, frame: RuleFrame): Alerting {
  const policies = spec.maps('alertPolicies');
  if (!policies || policies.length === 0) return { ...usualRules(frame), alertNoData: false };
  const rules: BurnRule[] = [];
  let alertNoData = false;
  for (const given of policies) {
    const reference = given.text('alertPolicyRef');
    const object = reference === undefined ? undefined : find('AlertPolicy', reference, given, 'alertPolicyRef');
    const policy = reference === undefined ? given.map('spec', true) : object?.spec;
    if (!policy) continue;
    policy.only('description', 'alertWhenNoData', 'alertWhenResolved', 'alertWhenBreaching', 'conditions', 'notificationTargets');
    alertNoData ||= policy.flag('alertWhenNoData') ?? false;
    const breaching = policy.flag('alertWhenBreaching') ?? true;
    for (const each of policy.maps('conditions', true) ?? []) {
      const condition = conditionOf(each, find);
      const rule = condition && ruleOf(condition, frame);
      if (rule && breaching && !rules.some(({ name }) => name === rule.name)) rules.push(rule);
    }
  }
  return { rules, alertNoData, notes: [] };
}
