/** A report on an agreement as rows of sla_periods: one for each target, and one for the agreement as a whole under an empty target. */
import { writeInstant } from '../../core/row.ts';
import { promiseText } from './page.ts';
import type { SlaReport, TargetReport } from './report.ts';

/** Percent of ratios, shares and repairs; figures of other KPIs have its unit, which the promise names. */
const isPercent = ({ target }: TargetReport): boolean => target.measure === 'repair' || target.measure === 'slices' || target.ratio;

/** Missed when any target was, no data when nothing was measured at all. */
function stateOf(targets: readonly TargetReport[]): string {
  if (targets.some(({ credit }) => credit.state === 'missed')) return 'missed';
  return targets.every(({ credit }) => credit.state === 'no_data') ? 'no_data' : 'kept';
}

/** None where the agreement was not valid in the month. */
export function periodRows(tenant: string, report: SlaReport): readonly object[] {
  const { agreement, month, period, targets, credit, final, claimUntil, claimEnd, writtenAt } = report;
  if (targets.length === 0) return [];
  const common = {
    tenant,
    agreement: agreement.identity,
    month,
    title: agreement.title,
    partner: agreement.partner,
    direction: agreement.direction,
    service: agreement.service,
    period_from: writeInstant(period.from),
    period_to: writeInstant(period.to),
    final,
    currency: agreement.currency,
    claim_until: claimUntil === '' ? null : claimUntil,
    claim_ends: writeInstant(claimEnd ?? 0),
    updated_at: writeInstant(writtenAt),
  };
  const charge = Number(agreement.monthlyCharge);
  return [
    {
      ...common,
      target: '',
      promise: `${targets.length} target${targets.length === 1 ? '' : 's'}`,
      unit: '',
      promised: null,
      without_exclusions: null,
      attained: null,
      state: stateOf(targets),
      completeness: Math.min(...targets.map(({ figure }) => figure.completeness)),
      excluded_minutes: Math.max(...targets.map(({ figure }) => figure.minutes.excluded)),
      credit_percent: charge > 0 ? (Number(credit.amount) * 100) / charge : 0,
      credit: credit.amount,
    },
    ...targets.map((each) => ({
      ...common,
      target: each.target.name,
      promise: promiseText(each, agreement.partner),
      unit: isPercent(each) ? 'percent' : '',
      promised: Number(each.target.target),
      without_exclusions: each.figure.raw.value ?? null,
      attained: each.figure.counted.value ?? null,
      state: each.credit.state,
      completeness: each.figure.completeness,
      excluded_minutes: each.figure.minutes.excluded,
      credit_percent: Number(each.credit.percent),
      credit: each.credit.amount,
    })),
  ];
}
