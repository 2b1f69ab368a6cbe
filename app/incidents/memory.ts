/** What a restart knows of findings: read from the tables into a correlator. */
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { type Correlator, createCorrelator } from '../../incidents/pipeline/correlator.ts';
import type { Outcome, Step } from '../../incidents/pipeline/decision.ts';
import type { Member } from '../../incidents/pipeline/group.ts';
import { mostChanges, withWord } from '../../incidents/pipeline/history.ts';
import type { Remembered } from '../../incidents/pipeline/remember.ts';
import type { PipelineSettings } from '../../incidents/pipeline/settings.ts';
import type { Store } from '../../sql/store.ts';

const dayMs = 86_400_000;
/** A finding of which nothing was said for longer is not remembered. */
export const rememberedMs = 35 * dayMs;
const historyMs = 7_200_000;
const deadline = { timeoutMs: 60_000 };

interface Row {
  readonly finding_key: string;
  readonly detector: string;
  readonly state: string;
  readonly detected_ms: string;
  readonly outcome: string;
  readonly step: string;
  readonly reason: string;
  readonly incident_key: string;
  readonly kind: string;
  readonly title: string;
  readonly began_ms: string;
  readonly score: number;
  readonly money: string | null;
  readonly currency: string;
  readonly money_class: string;
  readonly customers: string;
  readonly body: string;
}

/** A correlator that knows what the tables say at an instant. @param latestOf latest incident of each of some keys */
export async function rememberedCorrelator(
  store: Store,
  tenant: string,
  settings: PipelineSettings,
  of: { readonly now: number; readonly active: readonly string[]; readonly latestOf: (keys: readonly string[]) => Promise<Incident[]> },
): Promise<Correlator> {
  const correlator = createCorrelator(tenant, settings);
  const from = writeInstant(Math.max(0, of.now - rememberedMs));
  const rows = await store.rows<Row>('incident-memory', { tenant, from, active: of.active }, deadline);
  const since = writeInstant(Math.max(0, of.now - historyMs));
  const words = await store.rows<{ finding_key: string; words: [string, boolean | number][] }>(
    'incident-words',
    { tenant, from: since },
    deadline,
  );
  const histories = new Map(words.map((row) => [row.finding_key, row.words]));
  const keys = [...new Set(rows.map(({ incident_key }) => incident_key).filter((key) => key !== ''))];
  const remembered = rows.map((row): Remembered => {
    const finding = row.body === '' ? undefined : (JSON.parse(row.body) as Finding);
    return {
      finding_key: row.finding_key,
      outcome: row.outcome as Outcome,
      step: row.step as Step,
      text: row.reason,
      incident_key: row.incident_key,
      finding,
      member: memberOfRow(row, finding),
      detector: row.detector,
      title: row.title,
      history: (histories.get(row.finding_key) ?? [[row.detected_ms, row.state === 'firing'] as [string, boolean]])
        .slice(-mostChanges)
        .reduce<Remembered['history']>((history, [at, firing]) => withWord(history, Number(at), Boolean(firing)), []),
    };
  });
  correlator.restore(remembered, await of.latestOf(keys));
  return correlator;
}

function memberOfRow(row: Row, finding: Finding | undefined): Member {
  const money = finding
    ? finding.money
    : row.money === null
      ? undefined
      : { amount: row.money, currency: row.currency, class: row.money_class, method: '' };
  const customers = finding ? finding.customers : Number(row.customers) > 0 ? { count: Number(row.customers), segments: {} } : undefined;
  return {
    relation: 'child',
    detector: row.detector,
    firing: row.state === 'firing',
    detectedAt: Number(row.detected_ms),
    beganAt: Number(row.began_ms),
    kind: row.kind,
    score: row.score,
    money,
    customers,
    finding,
  };
}
