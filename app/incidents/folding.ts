/** Folds findings into incidents and stores what changed, together with what became of each finding. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { finished } from '../../incidents/finished.ts';
import { fold, merge } from '../../incidents/fold.ts';
import type { Correlator } from '../../incidents/pipeline/correlator.ts';
import type { Decision } from '../../incidents/pipeline/decision.ts';
import type { Correlated } from '../../incidents/pipeline/state.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { severityOf } from '../../incidents/severity.ts';
import { isActive } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import type { PipelineFacts } from './facts.ts';
import { type IncidentLog, rounds, type Standing } from './log.ts';
import { rememberedCorrelator } from './memory.ts';
import { hash, type Stored } from './stored.ts';

export interface FoldingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly settings: IncidentSettings;
  readonly log: Pick<Logger, 'error'>;
  readonly facts?: PipelineFacts | undefined;
  readonly incidentLog: IncidentLog;
  readonly stored: Stored;
  /** Told of each transition that was stored. */
  readonly tell: (incident: Incident) => void;
}

export interface Folding {
  /** Folds words; answers the transitions that were stored. What rejects is to be folded again. */
  fold(words: readonly Finding[]): Promise<Incident[]>;
  /** Something waits for its time, and it has come; or nothing is known yet. */
  due(now: number): boolean;
  /** Every incident that fires is folded once more with the next words. */
  refold(): void;
  /** What is known may not be so any more: it is read from the tables the next time. */
  forget(): void;
  sizes(): { readonly keys: number; readonly held: number; readonly groups: number };
}

/** An update that was too soon is looked at again after this long, ms. */
const laterMs = 60_000;

export function createFolding(options: FoldingOptions): Folding {
  const { store, clock, tenant, settings, log, facts, incidentLog, stored, tell } = options;
  const desk = randomUUID();
  let correlator: Correlator | undefined;
  let turns = 0;

  /** Folds and stores what was correlated. Undefined = another process folded meanwhile. */
  async function storeFolded(
    by: Correlator,
    { findings, merged }: Correlated,
    first: Standing,
    now: number,
  ): Promise<Incident[] | undefined> {
    let standing = first;
    const told = await suspected(findings, standing);
    const keys = [...new Set([...told.map(({ finding_key }) => finding_key), ...merged.flatMap(({ from, into }) => [from, into])])];
    if (keys.length === 0) return [];
    for (let round = 0; round < rounds; round += 1) {
      const known = await stored.byKeys(keys);
      const result = fold(known, told, settings, { now, hash, notes: (key) => by.notes(key) });
      for (const finding of result.deferred) by.later(finding.finding_key, now + laterMs);
      const all = [...result.transitions, ...mergedOf(merged, [...known, ...result.transitions], now)];
      const transitions = all.map((each) => finished(each, settings, now));
      if (transitions.length === 0 || (await incidentLog.write(transitions, standing.generation, 'fold'))) {
        for (const incident of transitions) tell(incident);
        return transitions;
      }
      standing = await incidentLog.standing();
      if (!standing.foldedHere) return undefined;
    }
    throw new Error('Other processes were faster each time.');
  }

  /** Changes are looked for once, when an incident opens. */
  async function suspected(findings: readonly Finding[], { active }: Standing): Promise<readonly Finding[]> {
    if (facts === undefined) return findings;
    const known = new Set(active);
    const opening = findings.filter(({ finding_key }) => !known.has(finding_key));
    const filled = await facts.withSuspects(opening);
    const by = new Map(opening.map((finding, index) => [finding, filled[index]!]));
    return findings.map((finding) => by.get(finding) ?? finding);
  }

  async function storeDecisions(decisions: readonly Decision[], now: number): Promise<void> {
    if (decisions.length === 0) return;
    const at = writeInstant(now);
    const rows = decisions.map(({ finding_key, detector, state, detected_at, outcome, step, text, incident_key }, number) => ({
      tenant,
      finding_key,
      detector,
      state,
      // A word that cannot be read may have a time that is none.
      detected_at: writeInstant(Number.isNaN(Date.parse(detected_at)) ? 0 : Date.parse(detected_at)),
      outcome,
      step,
      reason: text,
      incident_key,
      at,
      number,
    }));
    await store.insert('incident_findings', rows, `incident-findings/${desk}/${turns++}`);
    for (const { outcome, detector, finding_key } of decisions) {
      if (outcome === 'unreadable') log.error({ detector, finding_key }, 'finding is unreadable');
    }
  }

  return {
    async fold(findings) {
      const done: Incident[] = [];
      let words = findings;
      await facts?.refresh(clock.now());
      for (let round = 0; ; round += 1) {
        if (round === rounds) throw new Error('Other processes were faster each time.');
        const standing = await incidentLog.standing();
        if (!standing.foldedHere) correlator = undefined;
        correlator ??= await rememberedCorrelator(store, tenant, settings.pipeline, {
          now: clock.now(),
          active: standing.active,
          latestOf: stored.byKeys,
        });
        const now = clock.now();
        const correlated = correlator.take(words, {
          now,
          held: (labels, at) => facts?.held(labels, at),
          topology: facts?.topology(),
          active: new Set(standing.active),
          severityOf: (finding) => severityOf({ ...finding, category: finding.kind }, settings.severity),
        });
        const folded = await storeFolded(correlator, correlated, standing, now);
        if (folded === undefined) {
          // Another process folded: everything is decided again from what is true now.
          correlator = undefined;
          continue;
        }
        done.push(...folded);
        await storeDecisions(correlated.decisions, now);
        if (correlated.reread.length === 0) return done;
        words = await stored.lastWords(correlated.reread);
        if (words.length === 0) return done;
      }
    },
    due: (now) => correlator === undefined || correlator.due(now),
    refold: () => correlator?.refold(),
    forget: () => {
      correlator = undefined;
    },
    sizes: () => correlator?.sizes() ?? { keys: 0, held: 0, groups: 0 },
  };
}

function mergedOf(merged: Correlated['merged'], incidents: readonly Incident[], now: number): Incident[] {
  const latest = new Map(incidents.map((incident) => [incident.incident_key, incident]));
  return merged.flatMap(({ from, into, text }) => {
    const [one, other] = [latest.get(from), latest.get(into)];
    return one && other && isActive(one.state) ? [merge(one, other.incident_id, text, now)] : [];
  });
}
