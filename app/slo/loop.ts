/**
 * Judges objectives every minute: counts the slices that are complete, counts again those that late data touched, and says what burns. What is said goes the way
 * of every finding: stored first, then to the incidents. Beside detection, so that a slow query of an objective holds up no control.
 */
import type { Clock } from '../../core/clock.ts';
import { calm, type Evidence } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import {
  type Counted,
  type Holding,
  holdingOf,
  judgeObjective,
  type Objective,
  onsetOf,
  type RuleVerdict,
  sloDefinitions,
  sloFailure,
  sloFailureOf,
  sloJudgements,
  type Verdict,
  windowAt,
} from '../../detectors/service/slo/index.ts';
import { createBoard } from '../detect/board.ts';
import { evidenceSql } from '../detect/evidence.ts';
import type { DetectionLog, DetectionStore } from '../detect/port.ts';
import { restoreBoard } from '../detect/restore.ts';
import { createSpeaker } from '../detect/speaker.ts';
import { legsComplete } from '../detect/watermarks.ts';
import { repeatLook } from '../looking.ts';
import type { AskAnalyst } from '../own/ask.ts';
import { type Counting, countStretch, sliceStart, storedSlices, stretchesOf, sumWindows } from './counting.ts';
import type { KpiPort } from './kpi-port.ts';
import { sourceHash } from './read.ts';
import { burnRow, burnsOf, firingOf, stateRow } from './rows.ts';

export interface ObjectivesOptions {
  readonly store: DetectionStore;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: DetectionLog;
  readonly objectives: readonly Objective[];
  readonly kpis: KpiPort;
  /** Asks as the analyst. */
  readonly ask: AskAnalyst;
  /** As of detection: what it does not take is given to it again. */
  readonly onFindings: (findings: readonly Finding[]) => Promise<void> | void;
  /** Until when this process is the one that judges, ms; 0 = another one is. Default: always. */
  readonly heldUntil?: () => Promise<number>;
  /** Milliseconds between two looks; 0 = only when `look` is called. Default a minute. */
  readonly everyMs?: number;
  /** Longest time that one look may spend on the past, ms. Default 10,000. */
  readonly learnMs?: number;
}

export interface Objectives {
  /** One look; never two at once. Rejects when ClickHouse or `onFindings` fails; the next look tries again. */
  look(): Promise<readonly { readonly objective: Objective; readonly verdict: Verdict; readonly state: string }[]>;
  stop(): Promise<void>;
}

/** What is known of one objective between looks. */
interface Standing {
  /** End of what was counted, ms. */
  countedTo: number;
  holding: Holding;
  /** When the burn of a rule that holds began. */
  readonly onset: Map<string, number>;
  /** Last row of history: when, and what it said. */
  historyAt: number;
  said: string;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A row of history at least so often, of event time. */
const historyMs = 5 * minuteMs;
/** After a restart, late data is looked for so far back at most. */
const longestLateMs = 2 * dayMs;
const deadline = { timeoutMs: 30_000 };

/** Up to where an objective can be counted: its legs are complete, or the clock less its lag. */
function completeTo({ source, sliceMs }: Objective, complete: ReadonlyMap<string, number>, kpis: KpiPort, now: number): number {
  const legs =
    source.legs.length > 0
      ? source.legs
      : source.kind === 'kpi'
        ? kpis
            .legs(source.kpi)
            .filter((leg) => complete.has(leg))
            .slice(0, 1)
        : [];
  const known = legs.flatMap((leg) => complete.get(leg) ?? []);
  return sliceStart(Math.min(now, known.length > 0 ? Math.min(...known) : now - source.lagMs), sliceMs);
}

export async function startObjectives(options: ObjectivesOptions): Promise<Objectives> {
  const { store, clock, settings, log, objectives, kpis, ask, onFindings, everyMs = minuteMs, learnMs = 10_000 } = options;
  const { tenant } = settings;
  const board = createBoard(tenant, ({ evidence }) => evidenceSql(evidence));
  const definitions = [...sloDefinitions, sloFailure];
  const restored = await restoreBoard(board, { definitions, detectors: [] }, store, tenant, clock.now());
  const own = restored.said.filter(({ detector }) => definitions.some(({ identity }) => identity === detector));
  const speaker = createSpeaker(store, settings, onFindings, own);
  // What was firing for an objective that is there no longer is over.
  for (const { detector, scope, state } of own) {
    const definition = definitions.find(({ identity }) => identity === detector);
    if (
      !definition ||
      state !== 'firing' ||
      objectives.some(({ identity, service }) => identity === scope['slo'] && service === scope['service'])
    )
      continue;
    const now = clock.now();
    speaker.say(board.fold(definition, [calm(scope, { from: now, to: now + 1 })], now));
  }
  let stamp = 0;
  const counting: Counting = {
    store,
    sources: { tenant, ask, kpis, timeoutMs: settings.slo.queryTimeoutSeconds * 1000 },
    version: () => {
      stamp = Math.max(stamp + 1, clock.now());
      return stamp;
    },
  };
  const standings = new Map<string, Standing>();
  let lateFrom: number | undefined;

  /** What the tables know of objectives that were judged before. */
  const restoreStandings = async (): Promise<void> => {
    const rows = await store.rows<{ slo: string; source: string; judged_to: string; updated_at: string }>(
      'slo-states',
      { tenant },
      deadline,
    );
    const known = new Map(rows.map((row) => [`${row.slo}/${row.source}`, row]));
    const now = clock.now();
    lateFrom = Math.max(now - longestLateMs, Math.min(now, ...rows.map(({ updated_at }) => readInstant(updated_at))));
    for (const objective of objectives) {
      const before = known.get(`${objective.identity}/${sourceHash(objective)}`);
      standings.set(objective.identity, {
        countedTo: before ? readInstant(before.judged_to) : 0,
        holding: new Map(),
        onset: new Map(),
        historyAt: 0,
        said: '',
      });
    }
  };

  const completeLegs = async (): Promise<ReadonlyMap<string, number>> => {
    const rows = await store.rows<{ leg: string; source: string; complete_to: string }>('reconcile-watermarks', { tenant }, deadline);
    return legsComplete(new Map(rows.map(({ leg, source, complete_to }) => [`${leg}/${source}`, readInstant(complete_to)])));
  };

  /** Hours that received something since the last look. */
  const lateHours = async (now: number): Promise<readonly number[]> => {
    const oldest = Math.max(0, now - 400 * dayMs);
    const rows = await store.rows<{ hour: string; arrived_at: string }>(
      'slo-late',
      { tenant, since: writeInstant(lateFrom ?? now), oldest: writeInstant(oldest), until: writeInstant(now) },
      deadline,
    );
    return rows.map(({ hour, arrived_at }) => {
      lateFrom = Math.max(lateFrom ?? 0, readInstant(arrived_at));
      return Number(hour) * 1000;
    });
  };

  const evidence = (objective: Objective, from: number, to: number): Evidence => ({
    query: 'slo-evidence',
    params: { tenant, slo: objective.identity, source: sourceHash(objective), from: writeInstant(Math.max(0, from)), to: writeInstant(to) },
  });

  /** When burns began, of rules that begin to fire. */
  const learnOnsets = async (objective: Objective, verdict: Verdict, standing: Standing): Promise<void> => {
    for (const { rule, state } of verdict.rules) {
      if (state !== 'firing') {
        if (state === 'quiet') standing.onset.delete(rule.name);
        continue;
      }
      if (standing.onset.has(rule.name)) continue;
      const slices = await storedSlices(store, tenant, objective, verdict.judgedTo - rule.longMs, verdict.judgedTo);
      const counted =
        objective.method === 'Occurrences'
          ? slices
          : slices.map(({ at, good, total }) => ({ at, good: good >= objective.sliceTarget * total * (1 - 1e-12) ? 1 : 0, total: 1 }));
      const rate = (1 - objective.target) * Math.max(1, rule.threshold / 2);
      standing.onset.set(rule.name, onsetOf(counted, rate) ?? verdict.judgedTo - rule.shortMs);
    }
  };

  const write = async (
    objective: Objective,
    verdict: Verdict,
    standing: Standing,
    state: string,
    counted: Counted,
    now: number,
  ): Promise<void> => {
    const name = `${tenant}/${objective.identity}`;
    const row = stateRow(tenant, objective, verdict, { state, lastDataAt: counted.lastDataAt, now });
    await store.insert('slo_state', [row], `slo-state/${name}/${verdict.judgedTo}/${now}`);
    const said = `${state}/${firingOf(verdict).join()}`;
    if (state === 'learning' || (verdict.judgedTo - standing.historyAt < historyMs && said === standing.said)) return;
    if (verdict.judgedTo === standing.historyAt && said === standing.said) return;
    await store.insert(
      'slo_burn',
      [burnRow(tenant, objective, verdict, now)],
      `slo-burn/${name}/${verdict.judgedTo}/${said}/${JSON.stringify(burnsOf(verdict))}`,
    );
    standing.historyAt = verdict.judgedTo;
    standing.said = said;
  };

  const judge = async (objective: Objective, complete: ReadonlyMap<string, number>, hours: readonly number[], learnUntil: number) => {
    const standing = standings.get(objective.identity)!;
    const now = clock.now();
    const to = completeTo(objective, complete, kpis, now);
    const { from } = windowAt(objective.window, objective.window.kind === 'calendar' ? to - 1 : to);
    const oldest = sliceStart(from, objective.sliceMs);
    const counted = Math.max(standing.countedTo, oldest);
    for (const stretch of stretchesOf(hours, oldest, counted, objective.sliceMs))
      await countStretch(counting, objective, stretch.from, stretch.to, true);
    let done = counted;
    // At least one stretch with each look, so that every objective gets on.
    while (done < to) {
      const next = Math.min(to, done + dayMs);
      await countStretch(counting, objective, done, next, false);
      done = next;
      if (performance.now() > learnUntil) break;
    }
    standing.countedTo = Math.max(counted, done);
    const sums = await sumWindows(store, tenant, objective, standing.countedTo);
    const verdict = judgeObjective(objective, sums, standing.countedTo, now, standing.holding);
    const state = done < to ? 'learning' : verdict.state;
    if (state !== 'learning') {
      standing.holding = holdingOf(verdict, standing.holding);
      await learnOnsets(objective, verdict, standing);
      const said = sloJudgements(objective, verdict, sums.lastDataAt, {
        now,
        sql: (begin, end) => evidence(objective, begin, end),
        beganAt: ({ rule }: RuleVerdict) => standing.onset.get(rule.name) ?? verdict.judgedTo - rule.shortMs,
      });
      for (const { definition, judgement } of said) {
        if (judgement.state === 'violation') speaker.results(definition, [judgement], now);
        const owner = objective.owner === '' ? {} : { owner: objective.owner };
        speaker.say(board.fold(definition, [judgement], now).map((finding) => ({ ...finding, ...owner })));
      }
    }
    await write(objective, verdict, standing, state, sums, now);
    return { objective, verdict, state };
  };

  const all = async (stopping: () => boolean) => {
    if (options.heldUntil && (await options.heldUntil()) === 0) {
      // Whoever takes over goes on from the tables.
      standings.clear();
      return [];
    }
    if (standings.size < objectives.length) await restoreStandings();
    await speaker.flush();
    const complete = await completeLegs();
    const hours = await lateHours(clock.now());
    const learnUntil = performance.now() + learnMs;
    const results: Awaited<ReturnType<typeof judge>>[] = [];
    for (const objective of objectives) {
      let error = '';
      try {
        results.push(await judge(objective, complete, hours, learnUntil));
      } catch (cause) {
        error = cause instanceof Error ? cause.message : String(cause);
        // What was to be counted again is still to be.
        standings.get(objective.identity)!.countedTo = Math.min(standings.get(objective.identity)!.countedTo, ...hours, clock.now());
        log.error({ slo: objective.identity, error }, 'an objective could not be judged, the others go on');
      }
      speaker.say(board.fold(sloFailure, [sloFailureOf(objective, error, clock.now())], clock.now()));
      if (stopping()) break;
    }
    await speaker.flush();
    return results;
  };

  return repeatLook({
    look: all,
    failed: (error) => log.error({ error: String(error) }, 'objectives were not judged, it is tried again'),
    // Without objectives there may still be something to clear.
    everyMs: objectives.length > 0 || speaker.pending().length > 0 ? everyMs : 0,
  });
}
