/** Controls as a table: state, last result, coverage and money of each. */
import type { Definition } from '../../core/definition.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { VerdictCounts } from '../../detectors/budget/learn.ts';
import type { Store } from '../../sql/store.ts';
import { type LearnedLimit, learnedLimits, learnedText } from '../detect/learned.ts';
import { allControls } from '../own/definitions.ts';
import { readCoverage } from '../report/revenue.ts';
import { colour, grouped, table } from './print.ts';

interface Row {
  readonly control: string;
  readonly state: string;
  readonly cells: string;
  readonly violations: string;
  readonly leakage: string | null;
  readonly over_charge: string | null;
  readonly risk: string | null;
  readonly currency: string;
  readonly judged_at: string;
  readonly note: string;
}

/**
 * `off`; `not_judged`: nothing was judged since detection began; `quiet`: one that stores violations alone, and has none; or the states of a
 * judgement.
 */
export type ControlState = 'off' | 'not_judged' | 'quiet' | 'violation' | 'ok' | 'waiting' | 'not_applicable' | (string & {});

export interface ControlLine {
  /** The first of the definitions that share the identity. */
  readonly definition: Definition;
  readonly own: boolean;
  readonly state: ControlState;
  readonly last: Row | undefined;
  /** Share of revenue that it looked at in two days, 0 to 1; undefined: it does not look at usage, or judged none. */
  readonly coverage: number | undefined;
  /** Why, for a person; of one that lacks its data what it needs. */
  readonly note: string;
  readonly learned: readonly LearnedLimit[];
  readonly learnedText: string;
}

const lookedMs = 2 * 86_400_000;

function stateOf(enabled: boolean, { store }: Definition, row: Row | undefined, any: boolean): ControlState {
  if (!enabled) return 'off';
  if (row) return row.state;
  if (store === 'marked' && any) return 'quiet';
  // What never said anything while others did lacks its data.
  return any ? 'not_applicable' : 'not_judged';
}

/** Every control, those that ship first. Rejects when ClickHouse does not answer. */
export async function controlLines(
  store: Pick<Store, 'rows'>,
  settings: Settings,
  verdicts: ReadonlyMap<string, VerdictCounts>,
  instant: number,
): Promise<readonly ControlLine[]> {
  const rows = new Map((await store.rows<Row>('controls-latest', { tenant: settings.tenant })).map((row) => [row.control, row]));
  const coverage = await readCoverage(store, settings, instant - lookedMs, instant);
  const unique = new Map(
    allControls(settings)
      .map((definition) => [definition.identity, definition])
      .reverse() as [string, Definition][],
  );
  return [...unique.values()].reverse().map((definition) => {
    const { identity, limits, needs, own } = definition;
    const row = rows.get(identity);
    const set = settings.controls[identity];
    const state = stateOf(set?.enabled !== false, definition, row, rows.size > 0);
    const said = verdicts.get(identity);
    const learned = learnedLimits(limits, set?.limits, said, set?.learnWithin);
    return {
      definition,
      own: own !== undefined,
      state,
      last: row,
      coverage: coverage.of(identity),
      note:
        row && state !== 'off'
          ? row.note
          : state === 'not_applicable'
            ? `not applicable, needs ${needs.data}`
            : state === 'off'
              ? 'switched off in the settings'
              : `needs ${needs.data}`,
      learned,
      learnedText: learnedText(learned, said),
    };
  });
}

const words: Readonly<Record<string, readonly [string, 'red' | 'green' | 'dim']>> = {
  violation: ['violation', 'red'],
  ok: ['ok', 'green'],
  not_judged: ['not judged yet', 'dim'],
  quiet: ['nothing found', 'dim'],
  not_applicable: ['not applicable', 'dim'],
};

function moneyText(row: Row | undefined): string {
  if (!row) return '';
  const parts = [
    [row.leakage, 'lost'],
    [row.over_charge, 'owed back'],
    [row.risk, 'at risk'],
  ] as const;
  return parts
    .filter(([amount]) => Number(amount ?? 0) > 0)
    .map(([amount, word]) => `${grouped(Number(amount).toFixed(2))} ${row.currency} ${word}`)
    .join(', ');
}

/** The table. */
export function controlTable(lines: readonly ControlLine[]): string {
  return table(
    [
      { title: 'ID' },
      { title: 'CONTROL', width: 36 },
      { title: 'STATE' },
      { title: 'CELLS', right: true },
      { title: 'FIRING', right: true },
      { title: 'COVERAGE', right: true },
      { title: 'MONEY' },
      { title: 'JUDGED (UTC)' },
      { title: 'NOTE', width: 70 },
    ],
    lines.map(({ definition, own, state, last, coverage, note }) => {
      const [word, look] = words[state] ?? [state, 'dim'];
      const judged = last && Number(last.cells) > 0;
      return [
        definition.identity,
        own ? `${definition.title} (own)` : definition.title,
        colour(word, look),
        judged ? Number(last.cells) : '',
        last ? Number(last.violations) : '',
        coverage === undefined ? '' : `${Number((coverage * 100).toPrecision(3))} %`,
        moneyText(last),
        judged ? last.judged_at.slice(0, 16) : '',
        note,
      ];
    }),
  );
}

/** A control for `--json`. */
export function controlJson({ definition, own, state, last, coverage, note, learned }: ControlLine): object {
  const { identity, title, trigger, needs } = definition;
  return {
    identity,
    title,
    own,
    trigger,
    needs: needs.data,
    enabled: state !== 'off',
    state,
    note,
    coverage: coverage ?? null,
    learned,
    last: last ?? null,
  };
}
