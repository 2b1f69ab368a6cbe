/** What a restart finds in the database: what was firing, the cells that still count, and the marks. */
import { calm, type Definition, type Judgement } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { readInstant, readRows, writeInstant } from '../../core/row.ts';
import { frameOf, type SeriesDefinition } from '../../detectors/series/index.ts';
import type { Board } from './board.ts';
import { judgementOf } from './board.ts';
import { controlFailure } from './failure.ts';
import type { DetectionStore } from './port.ts';

export interface Restored {
  /** Up to where what was stored is judged; 0 = nothing yet. */
  readonly mark: number;
  /** End of the last judged window by `definition/leg`. */
  readonly windowMarks: ReadonlyMap<string, number>;
  /** End of the last bucket told of each part of a detector over series. */
  readonly told: ReadonlyMap<string, number>;
  /** The last word on each finding that is firing or was cleared lately: said again, should it not have arrived. */
  readonly said: readonly Finding[];
}

const dayMs = 86_400_000;
const lookbackMs = 35 * dayMs;
/** A clearing older than this was surely delivered, or nobody waits for it. */
const clearedMs = 2 * dayMs;
const deadline = { timeoutMs: 30_000 };

const heldColumns = {
  cell: 'text',
  since: 'instant',
  until: 'instant',
  value: 'maybe_number',
  awaited: 'maybe_number',
  amount: 'maybe_number',
  coin: 'text',
  text: 'text',
  last_at: 'instant',
} as const;

async function heldCells(definition: Definition, said: Finding, store: DetectionStore, tenant: string, instant: number) {
  if (definition.holdMs === 0) return [{ judgement: judgementOf(said), judgedAt: instant }];
  const params = { tenant, control: definition.identity, since: writeInstant(instant - definition.holdMs) };
  const read = readRows(heldColumns, await store.rows('detect-held', params, deadline));
  if (!read.ok) throw new Error(`query detect-held: ${read.error}`);
  return read.rows.flatMap((row) => {
    const cell = JSON.parse(row.cell) as Record<string, string>;
    if (!definition.scope.every((name) => cell[name] === said.scope[name])) return [];
    const judgement: Judgement = {
      ...judgementOf(said),
      ...calm(cell, { from: row.since, to: row.until }),
      state: 'violation',
      observed: row.value ?? 0,
      expected: row.awaited ?? 0,
      unit: said.unit,
      direction: said.direction,
      p: 10 ** -said.score,
      ...(row.amount !== null && said.money ? { money: { ...said.money, amount: `${row.amount}` } } : {}),
      summary: row.text,
    };
    return [{ judgement, judgedAt: row.last_at }];
  });
}

/** What may have said a finding. */
export interface Speakers {
  readonly definitions: readonly Definition[];
  readonly detectors: readonly SeriesDefinition[];
}

function speakerOf({ detector, metric, scope }: Finding, { definitions, detectors }: Speakers): Definition | undefined {
  const said = [...definitions, controlFailure].find((each) => each.identity === detector && each.metric === metric);
  if (said) return said;
  const series = detectors.find((each) => each.identity === detector && each.metric.name === metric);
  // The scope of a series is its dimensions, down to where it stands, and the direction.
  const depth = Object.keys(scope).length - 1;
  return series && depth >= 1 && depth <= series.dimensions.length ? frameOf(series, depth) : undefined;
}

/** Fills the board from what was said last, and reads the marks. */
export async function restoreBoard(
  board: Board,
  speakers: Speakers,
  store: DetectionStore,
  tenant: string,
  instant: number,
): Promise<Restored> {
  const since = writeInstant(Math.max(0, instant - lookbackMs));
  const rows = await store.rows<{ body: string; last_at: string }>('detect-firing', { tenant, since }, deadline);
  const said: Finding[] = [];
  for (const row of rows) {
    const finding = JSON.parse(row.body) as Finding;
    const definition = speakerOf(finding, speakers);
    if (!definition) continue;
    if (finding.state === 'firing') board.restore(definition, finding, await heldCells(definition, finding, store, tenant, instant));
    if (finding.state === 'firing' || readInstant(row.last_at) >= instant - clearedMs) said.push(finding);
  }
  const marks = await store.rows<{ source: string; node: string; complete_to: string }>('detect-mark', { tenant }, deadline);
  const loop = marks.find(({ node, source }) => node === 'detect' && source === 'changes');
  return {
    mark: loop ? readInstant(loop.complete_to) : 0,
    told: new Map(marks.filter(({ node }) => node === 'series').map(({ source, complete_to }) => [source, readInstant(complete_to)])),
    windowMarks: new Map(
      marks
        .filter(({ node }) => node !== 'detect' && node !== 'series')
        .map(({ node, source, complete_to }) => [`${node}/${source}`, readInstant(complete_to)]),
    ),
    said,
  };
}
