/** Service reports for people: as sections, and as JSON. */
import { percentText } from '../../detectors/service/slo/index.ts';
import type { Spread } from '../../incidents/stats.ts';
import { durationText } from '../cli/print.ts';
import type { Report, ReportSection } from './page.ts';
import { byRater, type KpiLine, type ServiceReport } from './service.ts';

const minute = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
const share = (value: number | null): string => (value === null ? '–' : percentText(Math.round(value * 1e4) / 1e4));

/** From so many seconds on a time is told in minutes, hours and days. */
const longSeconds = 600;

/** A figure of a KPI in its unit; ratios as percent. */
function figure({ kpi }: Pick<KpiLine, 'kpi'>, value: number | null): string {
  if (value === null) return 'no data';
  if (kpi.unit === 'ratio') return share(value);
  if (kpi.unit === 's' && value >= longSeconds) return durationText(value);
  return `${Math.round(value * 100) / 100} ${kpi.unit === 'percent' ? '%' : kpi.unit}`;
}

/** Nothing in the period nor in the one before: named in one line, not shown one by one. */
const isSilent = ({ now, before, failed }: KpiLine): boolean => failed === '' && now.state === 'no_data' && before.value === null;

function silentText(lines: readonly KpiLine[]): string {
  const silent = lines.filter(isSilent).map(({ kpi }) => kpi.name);
  return silent.length === 0 ? '' : ` No data, now or before: ${silent.join(', ')}.`;
}

function kpiRows(lines: readonly KpiLine[]): readonly (readonly (string | number)[])[] {
  const shown = lines.filter((line) => !isSilent(line));
  return shown.map((line) => [
    line.kpi.name,
    line.kpi.title,
    line.now.state === 'too_few' ? 'too few' : figure(line, line.now.value),
    figure(line, line.before.value),
    line.kpi.limits.map(({ level, value }) => `${level} ${figure(line, value)}`).join(', ') || '–',
    line.failed === '' ? line.standing : 'failed',
    Math.round(line.now.volume),
  ]);
}

const kpiHead = ['KPI', 'Title', 'Value', 'Before', 'Usual limits', 'Standing', 'Volume'];
const spread = ({ median, p90 }: Spread): string => (median === null ? '–' : `${durationText(median)} / ${durationText(p90 ?? median)}`);

function sectionsOf(report: ServiceReport): readonly ReportSection[] {
  const { stats, seen, noise, actions, causes, incidents, objectives } = report;
  return [
    {
      title: 'KPIs',
      text: `Over all, against the usual limits; before = the period of the same length before.${silentText(report.kpis)}`,
      table: { head: kpiHead, rows: kpiRows(report.kpis) },
    },
    {
      title: 'Objectives',
      ...(objectives.length === 0 ? { text: 'None: slo.directory names no folder.' } : {}),
      table: {
        head: ['Objective', 'Service', 'Target', 'Achieved', 'Result', 'Bad', 'Of'],
        rows: objectives.map(({ slo, service, target, share: achieved, state, good, total }) => [
          ...[slo, service, percentText(target)],
          ...[achieved === null ? 'no data' : percentText(Math.round(achieved * 1e6) / 1e6), state === 'no_data' ? 'no data' : state],
          ...[Math.round((total - good) * 100) / 100, Math.round(total * 100) / 100],
        ]),
      },
    },
    {
      title: 'Incidents',
      text: `${report.findings} findings became ${stats[0]?.incidents ?? 0} incidents${report.compression === null ? '' : ` (${share(report.compression)} fewer)`}. Times are median / 90th percentile: to detect, from the first affected moment; to acknowledge and to resolve, from opening.`,
      table: {
        head: ['Severity', 'Incidents', 'Detect', 'Acknowledge', 'Resolve', 'Resolved', 'First line', 'Reopened', 'Escalated'],
        rows: stats.map((one) => [
          ...[one.severity === 0 ? 'all' : one.severity, one.incidents, spread(one.detect), spread(one.acknowledge), spread(one.resolve)],
          ...[one.resolved, share(one.first_line_share), one.reopened, one.escalated],
        ]),
      },
    },
    {
      title: 'Who saw it first',
      text: seen.incidents === 0 ? 'No incident.' : `A customer saw ${share(seen.customer_share)} of ${seen.incidents} incidents first.`,
      table: {
        head: ['First seen by', 'Incidents', 'Median lead', 'Complaints'],
        rows: seen.by.map((one) => [
          one.seen_by,
          one.incidents,
          one.lead_seconds === null ? '–' : durationText(one.lead_seconds),
          one.complaints,
        ]),
      },
    },
    {
      title: 'Noise',
      text:
        noise.judged === 0
          ? `Nobody judged any of ${incidents.length} incidents.`
          : `${noise.noise} of ${noise.judged} judged incidents were noise (${share(noise.share)}); ${incidents.length - noise.judged} were not judged.`,
    },
    {
      title: 'Top causes',
      table: {
        head: ['Cause', 'Incidents', 'Customers'],
        rows: causes
          .slice(0, 10)
          .map(({ cause, incidents: count, customers }) => [cause === '' ? 'not reviewed' : cause, count, customers]),
      },
    },
    { title: 'Actions', text: `${actions.open} open, ${actions.overdue} of them overdue; ${actions.done} done in the period.` },
  ];
}

const subtitle = ({ period, writtenAt }: ServiceReport, tenant: string): string =>
  `${tenant}; ${minute(period.from)} to ${minute(period.to)} UTC; written ${minute(writtenAt)} UTC${writtenAt < period.to ? ', the period is not over' : ''}`;

export function servicePage(report: ServiceReport, tenant: string): Report {
  return { title: `Service report ${report.period.name}`, subtitle: subtitle(report, tenant), sections: sectionsOf(report) };
}

const meanings = {
  reliability: 'What was promised works',
  assurance: 'What one trusts in: bills, records, security',
  tangibles: 'What one has in the hand: devices, coverage',
  empathy: 'What customers had to say themselves',
  responsiveness: 'How fast it answers, and how fast we do',
} as const;

export function raterPage(report: ServiceReport, tenant: string): Report {
  const [all] = report.stats;
  return {
    title: `RATER report ${report.period.name}`,
    subtitle: subtitle(report, tenant),
    sections: byRater(report).flatMap(({ rater, kpis, incidents }): readonly ReportSection[] => {
      const more =
        rater === 'responsiveness' && all
          ? ` Acknowledged after ${spread(all.acknowledge)}, resolved after ${spread(all.resolve)} (median / 90th percentile).`
          : rater === 'empathy' && report.seen.incidents > 0
            ? ` A customer saw ${share(report.seen.customer_share)} of ${report.seen.incidents} incidents first.`
            : '';
      const name = `${rater[0]!.toUpperCase()}${rater.slice(1)}`;
      return [
        {
          title: name,
          text: `${meanings[rater]}. ${kpis.length} KPIs, ${kpis.filter(({ standing }) => standing === 'poor').length} of them poor; ${incidents.length} incident${incidents.length === 1 ? '' : 's'}.${more}${silentText(kpis)}`,
          table: { head: kpiHead, rows: kpiRows(kpis) },
        },
        ...(incidents.length === 0
          ? []
          : [
              {
                title: `${name}: incidents`,
                table: {
                  head: ['Severity', 'Incident', 'State', 'Customers', 'Detector'],
                  rows: incidents.slice(0, 20).map((one) => [one.severity, one.title, one.state, one.customers, one.detector]),
                },
              },
            ]),
      ];
    }),
  };
}

/** As JSON, without the texts of the catalogue. */
export function serviceJson(report: ServiceReport): object {
  const line = ({ kpi, now, before, standing, failed }: KpiLine): object => ({
    kpi: kpi.name,
    rater: kpi.rater,
    unit: kpi.unit,
    ...now,
    before: before.value,
    standing,
    failed,
  });
  return {
    ...report,
    writtenAt: new Date(report.writtenAt).toISOString(),
    period: { name: report.period.name, from: new Date(report.period.from).toISOString(), to: new Date(report.period.to).toISOString() },
    kpis: report.kpis.map(line),
    raters: byRater(report).map(({ rater, kpis, incidents }) => ({
      rater,
      kpis: kpis.map(line),
      incidents: incidents.map(({ incident_id }) => incident_id),
    })),
  };
}
