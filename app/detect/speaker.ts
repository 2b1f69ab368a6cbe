/** What detection writes and says, in order: results, then findings to the database, then findings to whoever folds them. */
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { labelsText } from '../../core/key.ts';
import type { Settings } from '../../core/settings/index.ts';
import { scopeOf } from './finding-of.ts';
import type { DetectionStore } from './port.ts';
import { findingRow, findingToken, resultRow } from './write.ts';

export interface Recording {
  /** How far the legs were complete, ms since 1970 UTC. */
  readonly watermarks?: ReadonlyMap<string, number>;
  /** They correct what was stored: every one is stored, a quiet one too. */
  readonly corrects?: boolean;
}

export interface Speaker {
  results(definition: Definition, judgements: readonly Judgement[], instant: number, how?: Recording): void;
  say(findings: readonly Finding[]): void;
  /** Findings said and not yet handed over. */
  pending(): readonly Finding[];
  /** Stores and hands over; on failure everything that was not taken stays for the next time. */
  flush(): Promise<void>;
}

interface Said {
  readonly finding: Finding;
  stored: boolean;
}

/**
 * What need not be stored again: an ok or a not-applicable is stored once per scope, state and window, anything else when its
 * figures change. Otherwise a busy source would write the same row every second.
 */
function lastWords(): (definition: Definition, judgement: Judgement) => boolean {
  const last = new Map<string, string>();
  return (definition, judgement) => {
    const quiet = judgement.state === 'ok' || judgement.state === 'not_applicable';
    if (quiet && definition.store === 'marked') return false;
    const labels = quiet ? scopeOf(definition, judgement.cell) : judgement.cell;
    const key = `${definition.identity}/${definition.metric}/${labelsText(labels)}`;
    const figures = quiet ? '' : `${judgement.observed}/${judgement.money?.amount ?? ''}`;
    const words = `${judgement.state}/${judgement.window.from}/${judgement.window.to}/${figures}`;
    if (last.get(key) === words) return false;
    if (last.size > 100_000) last.clear();
    last.set(key, words);
    return true;
  };
}

/** @param restored what was said before a restart: in the database already, but perhaps never taken */
export function createSpeaker(
  store: DetectionStore,
  settings: Settings,
  onFindings: (findings: readonly Finding[]) => Promise<void> | void,
  restored: readonly Finding[],
): Speaker {
  let said: readonly Said[] = restored.map((finding) => ({ finding, stored: true }));
  let rows: readonly object[] = [];
  let turn = 0;
  const isNews = lastWords();
  return {
    results(definition, judgements, instant, { watermarks = new Map(), corrects = false } = {}) {
      const news = judgements.filter((judgement) => isNews(definition, judgement) || corrects);
      rows = [...rows, ...news.map((each) => resultRow(settings, definition, each, instant, watermarks))];
    },
    say(findings) {
      said = [...said, ...findings.map((finding) => ({ finding, stored: false }))];
    },
    pending: () => said.map(({ finding }) => finding),
    async flush() {
      const results = rows;
      if (results.length > 0) {
        await store.insert('control_results', results, `results/${settings.tenant}/${process.pid}/${performance.timeOrigin}/${turn++}`);
        rows = rows.slice(results.length);
      }
      const batch = said;
      const fresh = batch.filter(({ stored }) => !stored);
      if (fresh.length > 0) {
        const rowsOf = fresh.map(({ finding }) => findingRow(finding));
        await store.insert('findings', rowsOf, `${findingToken(fresh[0]!.finding)}/${fresh.length}`);
        for (const each of fresh) each.stored = true;
      }
      if (batch.length === 0) return;
      await onFindings(batch.map(({ finding }) => finding));
      said = said.slice(batch.length);
    },
  };
}
