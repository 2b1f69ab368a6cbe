/** What the pages of the console show in their tests: incidents, a series with its band, judgements, reconciled legs. */
import { incidentRow } from '../../app/incidents/row.ts';
import { comparisonOfTests, dayOfTests, storeRecords } from '../../app/reconcile/legs.fixture.ts';
import { reconcile } from '../../app/reconcile/run.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { findingKey } from '../../core/key.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

const tenant = 'main';
const minute = 60_000;
const bucketMs = 15 * minute;
const scope = { leg: 'switch', service: 'voice', partner: 'carrier-b' };
const iso = (at: number): string => new Date(at).toISOString();

const titles = [
  'Voice records of carrier-b fall by half',
  'Rated calls are missing in billing',
  'Data sessions rated zero outside of the plan',
  'Set-up delay of trunk-3 has doubled',
  'Late files of the prepaid charging system',
  'Roaming charges below the wholesale price',
];

/** A finding of `usage_volume` about the seeded series. */
function findingOf(at: number, began: number): Finding {
  return {
    finding_key: findingKey(tenant, 'usage_volume', 'usage_records', scope),
    detector: 'usage_volume',
    title: titles[0]!,
    kind: 'revenue',
    tenant,
    metric: 'usage_records',
    scope: { ...scope, direction: 'down' },
    window: { from: iso(began), to: iso(at) },
    detected_at: iso(at),
    began_at: iso(began),
    observed: 412,
    expected: 871.4,
    lower: 790.2,
    upper: 952.9,
    unit: 'records',
    direction: 'down',
    score: 9.3,
    effect: -0.527,
    money: {
      amount: '18342.50',
      currency: 'EUR',
      class: 'leakage',
      method: 'missing records × mean charge of the same hours of four weeks',
      low: '16100.00',
      high: '20800.00',
      recoverable_until: iso(at + 60 * 24 * 60 * minute).slice(0, 10),
    },
    customers: { count: 2184, segments: { consumer: 1960, business: 224 } },
    explanation: [
      { dimensions: { node: 'msc-2', route: 'trunk-3' }, share: 0.81, remaining: 0.19 },
      { dimensions: { node: 'msc-1' }, share: 0.14, remaining: 0.05 },
    ],
    change_suspects: [{ change_id: 'CHG-2041', summary: 'Software of msc-2 upgraded to 14.2', event_time: iso(began - 12 * minute) }],
    evidence: {
      sql: "SELECT toStartOfFifteenMinutes(start_time) AS bucket, count() AS records\nFROM usage\nWHERE leg = 'switch' AND service = 'voice' AND partner = 'carrier-b'\nGROUP BY bucket\nORDER BY bucket",
      sample_record_ids: Array.from({ length: 8 }, (_, n) => `00000000-0000-0001-0000-00000000000${n + 1}`),
    },
    data_quality: { completeness: 0.998, lag_s: 40 },
    summary: '',
    state: 'firing',
  };
}

/** An incident of the list; the first is the one that the series belongs to. */
export function seededIncident(n: number, now: number): Incident {
  const began = now - (30 + 17 * n) * minute;
  const at = began + 12 * minute;
  const finding = { ...findingOf(at, began), ...(n === 0 ? {} : { finding_key: `seed${n}`, detector: 'S18' }) };
  const state = n % 9 === 4 ? 'acknowledged' : n % 9 === 7 ? 'in_progress' : 'open';
  const severity = ([1, 2, 3, 3, 4, 2, 5, 3] as const)[n % 8]!;
  const amount = n % 3 === 2 ? undefined : { ...finding.money!, amount: (18342.5 / (n + 1)).toFixed(2) };
  const summary =
    'Between a half and two thirds of the voice records of carrier-b have not come since the upgrade of msc-2; trunk-3 explains most of it.';
  return {
    incident_key: `key_${n}`,
    incident_id: `inc_seed${String(n).padStart(5, '0')}`,
    tenant,
    sequence: 1,
    transition: 'opened',
    state,
    severity,
    category: n % 4 === 3 ? 'service' : 'revenue',
    title: n === 0 ? titles[0]! : `${titles[n % titles.length]} (${n})`,
    summary,
    finding: { ...finding, summary },
    impact: { ...(amount && { money: amount }), ...(n % 5 === 4 ? {} : { customers: finding.customers! }) },
    explanation: finding.explanation,
    change_suspects: finding.change_suspects,
    team: 'revenue assurance',
    assignee: state === 'in_progress' ? 'ana' : '',
    timeline: [
      { at: iso(at), type: 'opened', actor: 'weir', text: 'Opened: 412 records in place of 871 expected.' },
      { at: iso(at + minute), type: 'updated', actor: 'weir', text: 'Explained: node msc-2, route trunk-3 hold 81 % of the drop.' },
    ],
    began_at: iso(began),
    detected_at: iso(at),
    opened_at: iso(at),
    updated_at: iso(at + minute),
    related: [],
    reasons: [
      { step: 'debounce', text: 'It stood for two buckets.' },
      { step: 'route', text: 'Revenue findings of switch go to revenue assurance.' },
    ],
    symptoms: [
      {
        finding_key: 'sym1',
        detector: 'answer_ratio',
        title: 'Answer ratio of trunk-3 falls',
        relation: 'symptom',
        reason: 'same partner, same time',
        at: iso(at),
      },
    ],
    symptom_counts: { symptoms: 1, children: 0 },
    links: {},
  };
}

/** Stores so many incidents, the first with its series. */
export async function seedIncidents(store: Store, many: number, now: number): Promise<void> {
  for (let from = 0; from < many; from += 2000) {
    const rows = Array.from({ length: Math.min(2000, many - from) }, (_, n) => incidentRow(seededIncident(from + n, now)));
    await store.insert('incidents', rows, `seed/incidents/${from}`);
  }
}

/** A week of the series by quarters of an hour, whose last half hour falls by half. */
export async function seedSeries(store: Store, now: number): Promise<void> {
  const end = Math.floor(now / bucketMs) * bucketMs;
  const series_key = findingKey(tenant, 'usage_volume', 'usage_records', scope);
  const shared = { tenant, detector: 'usage_volume', series_key, metric: 'usage_records', scope };
  const scores = Array.from({ length: 7 * 96 }, (_, n) => {
    const at = end - (7 * 96 - n) * bucketMs;
    const expected = 520 + 380 * Math.sin(((at % 86_400_000) / 86_400_000 - 0.3) * 2 * Math.PI);
    const wave = Math.sin(n * 2.7) * 22 + Math.cos(n * 0.9) * 14;
    return {
      ...shared,
      event_time: writeInstant(at),
      observed: Math.round(n >= 7 * 96 - 3 ? expected * 0.47 : expected + wave),
      expected,
      lower: expected - 75 - expected * 0.03,
      upper: expected + 75 + expected * 0.03,
      score: n >= 7 * 96 - 3 ? 9 : 0.4,
      profile_version: 1,
      pinned: true,
      scored_at: writeInstant(now),
    };
  });
  await store.insert('scores', scores, 'seed/scores');
  const last = scores.at(-1)!;
  const row = {
    ...shared,
    unit: 'records',
    first_seen: writeInstant(end - 40 * 86_400_000),
    judged_to: writeInstant(end),
    bucket_seconds: 900,
    observed: last.observed,
    expected: last.expected,
    lower: last.lower,
    upper: last.upper,
    score: 9.3,
    visible_drop: 0.18,
    open: true,
    updated_at: writeInstant(now),
  };
  await store.insert('series', [row], 'seed/series');
}

/** Two legs of a day that agree but for a few records, reconciled. */
export async function seedReconciliation(store: Store): Promise<void> {
  const both = Array.from({ length: 60 }, (_, n) => ({
    at: 36_000_000 + n * 60_000,
    subscriber: 100 + n,
    id: `c${n}`,
    charge: 0.4,
    node: 'msc-2',
  }));
  await storeRecords(
    store,
    tenant,
    both.map((record) => ({ ...record, leg: 'switch' as const })),
  );
  await storeRecords(
    store,
    tenant,
    both.slice(4).map((record, n) => ({ ...record, leg: 'rating' as const, ...(n < 5 ? { seconds: 30, charge: 0.2 } : {}) })),
  );
  const window = { from: dayOfTests, to: dayOfTests + 86_400_000 };
  await reconcile(store, { now: () => Date.now() }, { tenant, currency: 'EUR', comparison: comparisonOfTests, window });
}

const header =
  'leg,node,service,direction,answered,start_time,end_time,duration_seconds,billable_seconds,subscriber_number,other_party_number,session_id,route,charge,currency';

/** A file of usage records of the switch; its numbers are those of no one. */
export function usageCsv(series: number, records: number, broken = 0): string {
  const lines = Array.from({ length: records }, (_, n) => {
    const start = Date.now() - 3_600_000 + n * 1000;
    const time = n < broken ? 'not a time' : iso(start);
    return `switch,msc-2,voice,mo,true,${time},${iso(start + 60_000)},60,60,+4915209${100_000 + n},+33123451234,f${series}-${n},trunk-3,0.25,EUR`;
  });
  return `${[header, ...lines].join('\n')}\n`;
}
