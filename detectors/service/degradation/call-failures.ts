/** Calls and messages that fail, found within a minute or two and put at the place that explains them. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import { labelsText } from '../../../core/key.ts';
import type { RowOf } from '../../../core/row.ts';
import { figure, percent, utc } from '../../controls/texts.ts';
import { failingPlaces, type Leaf, type Place, partnersOf, routeLabels } from './places.ts';

const columns = {
  leg: 'text',
  service: 'text',
  node: 'text',
  partner: 'text',
  route: 'text',
  site: 'text',
  minutes: 'numbers',
  attempts: 'numbers',
  failures: 'numbers',
  usual_attempts: 'number',
  usual_failures: 'number',
} as const;

type Row = RowOf<typeof columns>;

/** Attempts of the usual of a whole service that a partner without a past of its own borrows. */
const borrowed = 100;

const limits: readonly Limit[] = [
  {
    name: 'evidence',
    default: 16,
    unit: 'nats',
    min: 10,
    max: 100,
    description: 'Evidence (log-likelihood ratio) from which on it is no chance',
    learns: 'up',
  },
  { name: 'failures', default: 5, unit: 'attempts', min: 3, max: 100_000, description: 'Fewest failures since it began', learns: 'up' },
  { name: 'share', default: 0.1, unit: 'ratio', min: 0.01, max: 1, description: 'Least share of failures beyond the usual', learns: 'up' },
  {
    name: 'history',
    default: 500,
    unit: 'attempts',
    min: 50,
    max: 1e9,
    description: 'Attempts of the two days before, before a service is judged',
  },
];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Leaves of one leg and service with the usual share of failures of each partner. @param least attempts of the past */
export function leavesOf(rows: readonly Row[], least: number): readonly Leaf[] | undefined {
  const partners = new Map(rows.map((row) => [row.partner, row] as const));
  const attempts = sum([...partners.values()].map((row) => row.usual_attempts));
  if (attempts < least) return undefined;
  const usual = sum([...partners.values()].map((row) => row.usual_failures)) / attempts;
  return rows.map(({ service, node, partner, route, site, minutes, attempts: own, failures, usual_attempts: n, usual_failures: k }) => ({
    service,
    labels: { node, partner, route, site },
    minutes,
    attempts: own,
    failures,
    usual: (k + borrowed * usual) / (n + borrowed),
  }));
}

function groupsOf<T>(rows: readonly T[], key: (row: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups.values()];
}

function judge(rows: readonly Row[], evaluation: Evaluation): readonly Judgement[] {
  return groupsOf(rows, ({ leg }) => leg).flatMap((own) => judgeLeg(own, evaluation));
}

function judgeLeg(rows: readonly Row[], evaluation: Evaluation): readonly Judgement[] {
  const { limit } = evaluation;
  const { leg } = rows[0]!;
  const newest = Math.max(...rows.flatMap(({ minutes }) => minutes)) + 60_000;
  const window = { from: newest - 1_800_000, to: newest };
  const leaves: Leaf[] = [];
  const judged: Judgement[] = [];
  for (const own of groupsOf(rows, ({ service }) => service)) {
    const known = leavesOf(own, limit('history'));
    if (known) leaves.push(...known);
    else
      judged.push({
        ...calm({ leg, service: own[0]!.service }, window),
        state: 'not_applicable',
        note: `not applicable, needs ${limit('history')} attempts in the two days before`,
      });
  }
  const found = failingPlaces(leaves, limit('evidence')).filter(
    ({ attempts, failures, expected }) => failures >= limit('failures') && (failures - expected) / attempts >= limit('share'),
  );
  const cells = new Map<string, Judgement>();
  const add = (judgement: Judgement): void => void cells.set(labelsText(judgement.cell), judgement);
  const partners = partnersOf(leaves);
  // Every place that is not found is well, so that what stood there before ends.
  for (const { service, labels } of leaves) {
    const places: Record<string, string>[] = [{}];
    for (const name of ['node', 'partner', 'site'] as const) if (labels[name] !== '') places.push({ [name]: labels[name] });
    if (labels.route !== '') {
      places.push({ route: labels.route }, { partner: labels.partner, route: labels.route }, { ...routeLabels(labels.route, partners) });
    }
    for (const place of places) {
      add({ ...calm({ leg, ...place }, window), unit: 'ratio' });
      add({ ...calm({ leg, service, ...place }, window), unit: 'ratio' });
    }
  }
  for (const place of found) add(violationOf(place, leg, newest, evaluation));
  return [...judged, ...cells.values()];
}

/** What fails, by service. */
const attemptsOf: Readonly<Record<string, string>> = { voice: 'calls', sms: 'messages' };

function violationOf(place: Place, leg: string, newest: number, { tenant }: Evaluation): Judgement {
  const { labels, since, score, attempts, failures, expected } = place;
  const who = labels.route ?? labels.site ?? labels.node ?? labels.partner;
  const what = labels.service === undefined ? 'calls and messages' : (attemptsOf[labels.service] ?? 'attempts');
  const params = {
    tenant,
    leg,
    service: labels.service ?? '',
    node: labels.node ?? '',
    // All calls of a route, whosever they are.
    partner: labels.route === undefined ? (labels.partner ?? '') : '',
    route: labels.route ?? '',
    site: labels.site ?? '',
    began: new Date(since).toISOString(),
    to: new Date(newest).toISOString(),
  };
  return {
    ...calm({ leg, ...labels }, { from: since, to: newest }),
    state: 'violation',
    observed: failures / attempts,
    expected: expected / attempts,
    upper: expected / attempts + 0.1,
    unit: 'ratio',
    direction: 'up',
    statistic: score,
    p: Math.exp(-score),
    note: 'no amount: calls that did not come about',
    title: `${who ?? leg}: ${what} fail`,
    summary: `${percent(failures / attempts, 2)} of ${figure(attempts)} ${what}${who === undefined ? '' : ` of ${who}`} have failed in the network since ${utc(since)}; ${percent(expected / attempts, 2)} is usual.`,
    beganAt: since,
    explanation: [{ dimensions: { ...labels }, share: 1, remaining: 0 }],
    affected: { query: 'service-failures-customers', params, share: 1 },
    evidence: { query: 'service-failures-evidence', params },
  };
}

/**
 * Calls and messages that fail.
 * @example callFailures.identity // 'call_failures'
 */
export const callFailures = define({
  identity: 'call_failures',
  title: 'Calls or messages fail',
  kind: 'service',
  rater: 'reliability',
  metric: 'failure_ratio',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: ['usage', 'usage_hour'], data: 'calls with release causes, or messages with their delivery, of two days' },
  query: 'service-failures',
  columns,
  lookbackMs: 2 * 3_600_000,
  limits,
  scope: ['leg', 'service', 'node', 'partner', 'route', 'site'],
  sparse: true,
  holdMs: 3_600_000,
  store: 'marked',
  evaluate: judge,
  documentation: {
    meaning:
      'Calls are refused by the network, or messages are not delivered, more than is usual: a route, a partner, a switch or a site is in trouble, whole or in part. What people do, busy or no answer, does not count, so it is the complement of the network effectiveness ratio (NER).',
    formula:
      'Failures and attempts by minute of release over the last half hour; usual is the share of the partner over the two days before. For the whole, each node, partner, route and site, each service alone and all together, the log-likelihood ratio of 15, of 50 and of 85 points more failures than one and a half times the usual plus a point is added up minute by minute (CUSUM, from 0). A place fires when the evidence reaches its limit and ends at half of it. Where 1 % fail, five failures of five calls are enough, or six of eight. At the limit of 16 and the usual share of failures chance alone takes by Wald more than 10^8 minutes of one place, at one and a half times that share plus a point 3 x 10^6. Of the places that fire the one with the largest likelihood ratio is told, then, without its calls, the next.',
    proof: 'Run the SQL of the finding: attempts, failures and their causes by minute.',
    recovery:
      'Route around it, call the partner with the causes of the evidence, and see what was changed just before: suspects stand at the incident.',
  },
});
