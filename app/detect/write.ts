/** Rows of control_results and findings as they are stored. */
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { labelsText } from '../../core/key.ts';
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A judgement as a row of control_results; the version is the instant at which it was judged. */
export function resultRow(
  { tenant, currency }: Pick<Settings, 'tenant' | 'currency'>,
  definition: Definition,
  judgement: Judgement,
  instant: number,
  watermarks: ReadonlyMap<string, number> = new Map(),
): object {
  return {
    tenant,
    control: definition.identity,
    window_from: writeInstant(judgement.window.from),
    window_to: writeInstant(judgement.window.to),
    cell: JSON.parse(labelsText(judgement.cell)),
    observed: finite(judgement.observed),
    expected: finite(judgement.expected),
    statistic: finite(judgement.statistic),
    p: finite(judgement.p),
    money: judgement.money?.amount ?? null,
    currency: judgement.money?.currency ?? currency,
    watermarks: Object.fromEntries([...watermarks].map(([leg, at]) => [leg, writeInstant(at)])),
    state: judgement.state,
    note: [judgement.summary, judgement.note].filter(Boolean).join(' '),
    judged_at: writeInstant(instant),
    version: instant,
  };
}

/** A finding as a row; the whole of it is in `body`. */
export function findingRow(finding: Finding): object {
  return {
    tenant: finding.tenant,
    finding_key: finding.finding_key,
    detector: finding.detector,
    kind: finding.kind,
    state: finding.state,
    title: finding.title,
    summary: finding.summary,
    window_from: writeInstant(Date.parse(finding.window.from)),
    window_to: writeInstant(Date.parse(finding.window.to)),
    detected_at: writeInstant(Date.parse(finding.detected_at)),
    began_at: writeInstant(Date.parse(finding.began_at)),
    observed: finding.observed,
    expected: finding.expected,
    lower: finding.lower,
    upper: finding.upper,
    score: finding.score,
    effect: finding.effect,
    money: finding.money?.amount ?? null,
    currency: finding.money?.currency ?? '',
    money_class: finding.money?.class ?? '',
    customers: finding.customers?.count ?? 0,
    body: JSON.stringify(finding),
  };
}

/** The token of one statement: said twice, stored once. */
export function findingToken(finding: Finding): string {
  return `finding/${finding.finding_key}/${finding.detected_at}/${finding.state}`;
}
