/** The report on an agreement for people: as sections, and as JSON. */
import { kpiNamed } from '../../detectors/service/kpis/index.ts';
import type { Report, ReportSection } from '../report/page.ts';
import type { SlaReport, TargetReport } from './report.ts';

const minute = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
const round = (value: number, digits = 3): number => Math.round(value * 10 ** digits) / 10 ** digits;

function unitOf({ target }: TargetReport): string {
  if (target.measure === 'repair' || target.measure === 'slices') return ' %';
  return target.ratio ? ' %' : '';
}

/** Of repairs nothing is known without an incident, which is no want of data. */
const noneText = ({ target }: TargetReport): string => (target.measure === 'repair' ? 'no incident' : 'no data');

function figureText(report: TargetReport, value: number | undefined): string {
  return value === undefined ? noneText(report) : `${round(value)}${unitOf(report)}`;
}

const comparison: Readonly<Record<string, string>> = { gte: 'at least', gt: 'above', lte: 'at most', lt: 'below' };

/** What a target promises. @param partner of the agreement: goes without saying */
export function promiseText(report: TargetReport, partner: string): string {
  const { target } = report;
  const wanted = `${comparison[target.op]} ${target.target}${unitOf(report)}`;
  if (target.measure === 'repair') return `incidents solved within ${target.hours} h, from ${target.clockStart}: ${wanted}`;
  const where = Object.entries(target.where)
    .filter(([name, value]) => name !== 'partner' || value !== partner)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const of = `${target.kpi}${where === '' ? '' : ` (${where})`}`;
  if (target.measure === 'average') return `${of} over the month: ${wanted}`;
  if (target.measure === 'percentile')
    return `${of}, percentile ${target.percentile} of slices of ${target.sliceMs / 60_000} min: ${wanted}`;
  return `slices of ${target.sliceMs / 60_000} min with ${of} ${comparison[target.limitOp]} ${target.limit}${target.ratio ? ' %' : ''}: ${wanted}`;
}

/** Below so much of the time the figures are to be read with care. */
const enough = 0.9;

/** What is owed, until when it can be claimed, and what to know of the figures. */
function resultText({ agreement, targets, credit, claimUntil, claimOver, final }: SlaReport): string {
  const money = (amount: string): string => `${amount} ${agreement.currency}`;
  const owes = agreement.direction === 'they-owe-us' ? `${agreement.partner} owes us` : `We owe ${agreement.partner}`;
  const capped = credit.isCapped ? ` (capped; ${money(credit.uncapped)} without the cap of ${agreement.capPercent} %)` : '';
  const claim = claimUntil === '' ? '' : `, to be claimed until ${claimUntil}${claimOver ? ' (over)' : ''}`;
  const poor = targets.filter(({ figure }) => figure.completeness < enough);
  return [
    Number(credit.amount) === 0 ? 'Nothing is owed.' : `${owes} ${money(credit.amount)}${capped}${claim}.`,
    final ? '' : 'The month is not over: preliminary.',
    poor.length === 0
      ? ''
      : `Read with care, much of the time has no data: ${poor.map(({ target, figure }) => `${target.name} ${round(figure.completeness * 100, 1)} %`).join(', ')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What the KPIs of an agreement are, once each. */
function kpiTerms({ targets }: SlaReport): readonly [string, string][] {
  const names = new Set(targets.flatMap(({ target }) => (target.measure === 'repair' ? [] : [target.kpi])));
  return [...names].flatMap((name): [string, string][] => {
    const kpi = kpiNamed(name);
    return kpi ? [[name, `${kpi.title}: ${kpi.formula} (${kpi.standard})`]] : [];
  });
}

/** @see SlaReport */
export function slaPage(report: SlaReport): Report {
  const { agreement, targets, credit, period } = report;
  const money = (amount: string): string => `${amount} ${agreement.currency}`;
  const sections: ReportSection[] = [
    {
      title: 'Result',
      text: resultText(report),
      table: {
        head: ['Target', 'Promise', 'Without exclusions', 'Counted', 'Result', 'Credit %', 'Credit'],
        rows: targets.map((each) => [
          each.target.name,
          promiseText(each, agreement.partner),
          figureText(each, each.figure.raw.value),
          figureText(each, each.figure.counted.value),
          each.credit.state === 'no_data' ? noneText(each) : each.credit.state,
          each.credit.percent,
          money(each.credit.amount),
        ]),
      },
    },
    {
      title: 'Measured',
      text: 'Minutes of the period. What has no data is neither good nor bad.',
      table: {
        head: ['Target', 'Period', 'Measured', 'Without data', 'Excluded', 'Missed the limit', 'Good', 'Of', 'Completeness'],
        rows: targets.map(({ target, figure: { minutes, counted, completeness } }) => [
          target.name,
          round(minutes.period),
          round(minutes.measured),
          round(minutes.missing),
          round(minutes.excluded),
          round(minutes.bad),
          round(counted.good),
          round(counted.total),
          `${round(completeness * 100, 1)} %`,
        ]),
      },
    },
    {
      title: 'Exclusions',
      text: targets.some(({ exclusions }) => exclusions.length > 0)
        ? 'Each with its reason and who approved it. A slice that touches one does not count.'
        : 'None.',
      table: {
        head: ['Target', 'Kind', 'From (UTC)', 'To (UTC)', 'Minutes', 'Reason', 'Approved by'],
        rows: targets.flatMap(({ target, exclusions }) =>
          exclusions.map(({ kind, from, to, minutes, reason, approver }) => [
            target.name,
            kind,
            minute(from),
            minute(to),
            round(minutes),
            reason,
            approver,
          ]),
        ),
      },
    },
    {
      title: 'Terms',
      table: {
        head: ['Term', 'Value'],
        rows: [
          ...kpiTerms(report),
          ['Monthly charge', money(agreement.monthlyCharge)],
          ['Cap', `${agreement.capPercent} % (${money(credit.cap)})`],
          ['Credits of several targets', agreement.combine === 'sum' ? 'added up' : 'the highest'],
          ...targets.flatMap(({ target }) =>
            target.credits.map(({ beyond, percent }): [string, string] => [
              `${target.name}: ${target.op.startsWith('g') ? 'below' : 'above'} ${beyond}`,
              `${percent} %`,
            ]),
          ),
        ],
      },
    },
    ...targets.map(({ target, evidence }) => ({
      title: `Evidence: ${target.name}`,
      text: 'Runs as it stands, as the analyst.',
      code: evidence,
    })),
  ];
  return {
    title: `${agreement.title}: service level ${report.month}`,
    subtitle: `${agreement.partner}${agreement.service === '' ? '' : `, ${agreement.service}`}; ${minute(period.from)} to ${minute(period.to)} UTC (${agreement.timeZone}); written ${minute(report.writtenAt)} UTC`,
    sections,
  };
}

/** As JSON: amounts as decimal strings, figures null without data. */
export function slaJson({ agreement, month, period, final, targets, credit, claimUntil, claimOver }: SlaReport): object {
  return {
    agreement: agreement.identity,
    partner: agreement.partner,
    direction: agreement.direction,
    month,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    time_zone: agreement.timeZone,
    final,
    currency: agreement.currency,
    monthly_charge: agreement.monthlyCharge,
    credit: credit.amount,
    credit_uncapped: credit.uncapped,
    cap: credit.cap,
    capped: credit.isCapped,
    claim_until: claimUntil || null,
    claim_over: claimOver,
    targets: targets.map((each) => ({
      name: each.target.name,
      promise: promiseText(each, agreement.partner),
      raw: each.figure.raw.value ?? null,
      counted: each.figure.counted.value ?? null,
      good: each.figure.counted.good,
      total: each.figure.counted.total,
      state: each.credit.state,
      credit_percent: each.credit.percent,
      credit: each.credit.amount,
      minutes: each.figure.minutes,
      completeness: each.figure.completeness,
      exclusions: each.exclusions.map(({ kind, from, to, minutes, reason, approver }) => ({
        ...{ kind, minutes, reason, approver },
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      })),
      evidence: each.evidence,
    })),
  };
}
