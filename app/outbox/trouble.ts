/**
 * A target that takes nothing is a finding, so that it becomes an incident of its own and reaches people by the other targets. It fires while something was given
 * up there, or fails again and again; it clears when all of that has arrived, or was overtaken by something later.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { findingKey } from '../../core/key.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';
import { newAlarm } from './alarm.ts';

/** The detector of these findings. */
export const deliveryDetector = 'delivery_failure';

/** Attempts after which a delivery counts as stuck: it failed for more than five minutes. */
const stuckAfter = 3;
/** How far back is looked, ms: what was given up before is history. */
const lookBackMs = 30 * 86_400_000;

/** How one endpoint stands. */
export interface EndpointTrouble {
  readonly endpoint: string;
  readonly delivered: number;
  readonly waiting: number;
  readonly stuck: number;
  readonly dead: number;
  /** Since when something was given up or is stuck, ms; 0 = nothing is. */
  readonly troubledAt: number;
  readonly error: string;
  /** When something last arrived, ms; 0 = never. */
  readonly deliveredAt: number;
}

/** How every endpoint stands that was ever delivered to within 30 days. */
export async function readTrouble(store: Store, tenant: string, now: number): Promise<EndpointTrouble[]> {
  const rows = await store.rows<Readonly<Record<string, string>>>('deliveries-by-endpoint', {
    tenant,
    since: writeInstant(now - lookBackMs),
    stuck_after: stuckAfter,
  });
  return rows.map((row) => {
    const [dead, stuck] = [Number(row['dead']), Number(row['stuck'])];
    return {
      endpoint: row['endpoint'] ?? '',
      delivered: Number(row['delivered']),
      waiting: Number(row['waiting']),
      stuck,
      dead,
      troubledAt: dead + stuck === 0 ? 0 : Number(row['troubled_ms']),
      error: row['error'] ?? '',
      deliveredAt: Math.max(0, Number(row['delivered_ms'])),
    };
  });
}

/** What is to be said of an endpoint. @param now ms */
export function troubleFinding(tenant: string, trouble: EndpointTrouble, now: number): Finding {
  const { endpoint, dead, stuck, troubledAt, error } = trouble;
  const firing = dead + stuck > 0;
  const scope = { target: endpoint };
  const began = new Date(firing ? troubledAt : now).toISOString();
  const at = new Date(now).toISOString();
  const counts = [dead > 0 ? `${dead} given up` : '', stuck > 0 ? `${stuck} tried again and again` : ''].filter(Boolean).join(', ');
  return {
    finding_key: findingKey(tenant, deliveryDetector, deliveryDetector, scope),
    detector: deliveryDetector,
    title: `${endpoint}: incidents do not arrive`,
    kind: 'data',
    tenant,
    metric: deliveryDetector,
    scope,
    window: { from: began, to: at },
    detected_at: at,
    began_at: began,
    observed: dead + stuck,
    expected: 0,
    lower: 0,
    upper: 0,
    unit: 'deliveries',
    direction: 'up',
    score: 99,
    effect: dead + stuck,
    explanation: [],
    change_suspects: [],
    evidence: {
      sql: `SELECT at, incident_id, sequence, attempt, state, http_status, error\nFROM deliveries\nWHERE tenant = '${tenant}' AND endpoint = '${endpoint}' AND state IN ('retry', 'dead')\nORDER BY at DESC`,
      sample_record_ids: [],
    },
    data_quality: { completeness: 1, lag_s: 0 },
    summary: firing
      ? `Of what was to be told to ${endpoint}: ${counts}; ${error === '' ? 'no reason is known' : error}. Once it is mended: npx weir deliveries replay --target ${endpoint}`
      : `Everything has arrived at ${endpoint}, or was overtaken.`,
    state: firing ? 'firing' : 'cleared',
  };
}

/** Whether an incident is about the target itself: it would wait for the very thing that it tells of. */
export function isAboutTarget(incident: Pick<Incident, 'finding'>, target: string): boolean {
  return incident.finding.detector === deliveryDetector && incident.finding.scope['target'] === target;
}

export interface TroubleOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  /** Names of all targets that there now are. */
  readonly targets: () => Promise<readonly string[]>;
  /** Takes what is to be said; rejects when it could not. */
  readonly say: (finding: Finding) => Promise<void>;
  readonly log: Pick<Logger, 'warn'>;
  /** Default 30,000. */
  readonly everyMs?: number;
}

export interface TroubleWatch {
  /** Looks at once. */
  wake(): void;
  stop(): Promise<void>;
}

/** What was last said of each endpoint: how much was wrong. */
async function readSaid({ store, tenant, clock }: TroubleOptions): Promise<Map<string, number>> {
  const rows = await store.rows<{ body: string }>('findings-of-detector', {
    tenant,
    detector: deliveryDetector,
    since: writeInstant(clock.now() - lookBackMs),
  });
  return new Map(
    rows.map(({ body }) => {
      const { scope, state, observed } = JSON.parse(body) as Finding;
      return [scope['target'] ?? '', state === 'firing' ? observed : 0];
    }),
  );
}

/** Looks once, and says what changed. @param said what was last said, brought up to date */
export async function lookForTrouble(options: TroubleOptions, said: Map<string, number>): Promise<void> {
  const { store, clock, tenant, say } = options;
  const now = clock.now();
  const targets = await options.targets();
  const standing = new Map((await readTrouble(store, tenant, now)).map((one) => [one.endpoint, one]));
  const none = (endpoint: string): EndpointTrouble => ({
    endpoint,
    delivered: 0,
    waiting: 0,
    stuck: 0,
    dead: 0,
    troubledAt: 0,
    error: '',
    deliveredAt: 0,
  });
  // A target that is no longer there is nobody's trouble.
  for (const endpoint of new Set([...targets, ...said.keys()])) {
    const trouble = targets.includes(endpoint) ? (standing.get(endpoint) ?? none(endpoint)) : none(endpoint);
    const wrong = trouble.dead + trouble.stuck;
    if (wrong === (said.get(endpoint) ?? 0)) continue;
    await say(troubleFinding(tenant, trouble, now));
    said.set(endpoint, wrong);
  }
}

/** Looks again and again until it is stopped. */
export function watchTrouble(options: TroubleOptions): TroubleWatch {
  const alarm = newAlarm();
  let stopped = false;
  let said: Map<string, number> | undefined;
  async function run(): Promise<void> {
    while (!stopped) {
      try {
        said ??= await readSaid(options);
        await lookForTrouble(options, said);
      } catch (error) {
        options.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'deliveries could not be judged');
      }
      if (!stopped) await alarm.sleep(options.everyMs ?? 30_000);
    }
  }
  const running = run();
  return {
    wake: () => alarm.ring(),
    stop: () => {
      stopped = true;
      alarm.ring();
      return running;
    },
  };
}
