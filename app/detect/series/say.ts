/** What stands against a part, put into judgements: what others explain is taken back, the rest is explained, valued and said. */
import { calm, type Definition, type Judgement } from '../../../core/definition.ts';
import type { ChangeSuspect, Explanation, Finding } from '../../../core/finding.ts';
import { labelsText } from '../../../core/key.ts';
import type { Settings } from '../../../core/settings/index.ts';
import {
  cellOf,
  explanationOf,
  frameOf,
  labelsOf,
  levelAround,
  type Part,
  type Standing,
  standingOf,
  type UsageCells,
  violationOf,
  wholeFloorOf,
} from '../../../detectors/series/index.ts';
import { enriched } from '../run.ts';
import { cellsOf, dataGapNear, suspectsOf } from './background.ts';
import { isOfPlaces, type Past, placesTold, wasTold } from './over.ts';
import type { SeriesStore } from './port.ts';

/** Judgements of one definition. */
export interface Said {
  readonly definition: Definition;
  readonly judgements: readonly Judgement[];
}

export interface Voice {
  /**
   * Judges what stands against a part now. Standings that their surroundings explain are refused in the part.
   * @param firing every finding that is firing
   * @param over findings that have cleared lately: what they told is not told once more
   */
  judge(part: Part, firing: readonly Finding[], instant: number, over?: readonly Finding[]): Promise<readonly Said[]>;
}

interface Background {
  /** Share of the expected that the surroundings let expect. */
  readonly level: number;
  readonly explanation: readonly Explanation[];
  readonly suspects: readonly ChangeSuspect[];
  /** Buckets it had when this was looked at. */
  readonly buckets: number;
}

/** Most standings of a part that are looked into in one bucket; the largest first. */
const mostStandings = 50;

export function createVoice(store: SeriesStore, settings: Settings): Voice {
  const { tenant, currency } = settings;
  const known = new Map<string, Background>();
  const frames = new Map<string, Definition>();

  const frame = (part: Part, depth: number): Definition => {
    const key = `${part.definition.identity}/${depth}`;
    const made = frames.get(key) ?? frameOf(part.definition, depth);
    frames.set(key, made);
    return made;
  };

  const bucketsOf = (part: Part, { onset }: Standing): number => Math.round((onset.to - onset.from) / part.definition.bucketMs);

  /** Looked at when it is new, and again each time it has lasted twice as long. */
  const lookAround = async (part: Part, standing: Standing, firing: readonly Finding[], read: CellReader): Promise<Background> => {
    const { definition } = part;
    const { onset, node } = standing;
    const key = `${definition.identity}/${part.fixed}/${labelsText(cellOf(part, node, onset.direction))}/${onset.from}`;
    const buckets = bucketsOf(part, standing);
    const before = known.get(key);
    if (before && buckets < 2 * before.buckets) return before;
    const scope = labelsOf(part, node);
    const usage = definition.metric.table === 'usage';
    const cells = usage ? await read(onset.from, onset.to) : undefined;
    const additive = definition.metric.signal === 'count' || definition.metric.signal === 'sum';
    const gap = dataGapNear(firing, definition.metric, { leg: part.fixed, direction: onset.direction, beganAt: onset.from }, (source) =>
      legOf(settings, source),
    );
    const explanation = cells ? explanationOf(cells, scope, definition.metric.signal, standing) : [];
    const background: Background = {
      level: cells && additive ? levelAround(cells, scope, gap) : 1,
      explanation,
      suspects: await suspectsOf(store, tenant, { beganAt: onset.from, scope, explanations: explanation }),
      buckets,
    };
    if (known.size > 10_000) known.clear();
    known.set(key, background);
    return background;
  };

  /** Confirmed standings with what stands around them; what is refused gives way to what lies below it. */
  const confirmed = async (
    part: Part,
    firing: readonly Finding[],
    over: readonly Finding[],
  ): Promise<readonly (readonly [Standing, Background])[]> => {
    const read = cellReader(store, tenant, part);
    for (;;) {
      const standings = [...standingOf(part)].sort((a, b) => gapOf(b) - gapOf(a)).slice(0, mostStandings);
      const kept: [Standing, Background][] = [];
      let refused = false;
      for (const standing of standings) {
        const background = await lookAround(part, standing, firing, read);
        const adjusted = adjustedBy(standing, background.level);
        const past = pastOf(part, standing, background);
        if (
          remains(part, standing, adjusted) &&
          !wasTold(over, past) &&
          !(await wasToldBelow(part, standing, placesTold(over, past), read))
        )
          kept.push([adjusted, background]);
        else {
          part.refuse(standing.node);
          refused = true;
        }
      }
      if (!refused) return kept;
    }
  };

  return {
    async judge(part, firing, instant, over = []) {
      const standings = await confirmed(part, firing, over);
      const said = new Map<number, Judgement[]>();
      const standing = new Set<string>();
      for (const [each, background] of standings) {
        const depth = part.state.nodes.values(each.node).length;
        const judgement = violationOf(part, each, { tenant, currency });
        standing.add(labelsText(judgement.cell));
        said.set(depth, [...(said.get(depth) ?? []), { ...judgement, explanation: background.explanation, suspects: background.suspects }]);
      }
      for (const finding of firing) {
        if (!belongs(finding, part) || standing.has(labelsText(finding.scope))) continue;
        const depth = Object.keys(finding.scope).length - 1;
        const window = { from: Date.parse(finding.window.from), to: part.judgedTo() };
        said.set(depth, [...(said.get(depth) ?? []), { ...calm(finding.scope, window), unit: finding.unit }]);
      }
      const all: Said[] = [];
      for (const [depth, judgements] of said) {
        const valued = await enriched(judgements, store, currency, instant);
        all.push({ definition: frame(part, depth), judgements: valued.map((judgement) => floored(part, judgement)) });
      }
      return all;
    },
  };
}

const pastOf = (part: Part, { node, onset }: Standing, { explanation }: Background): Past => ({
  ...{ detector: part.definition.identity, scope: labelsOf(part, node), explanation },
  ...{ from: onset.from, to: onset.to, bucketMs: part.definition.bucketMs },
});

/** Whether places within a series that others told of, and that are well again, are what it deviates by. */
async function wasToldBelow(
  part: Part,
  { node, onset }: Standing,
  places: readonly Readonly<Record<string, string>>[],
  read: CellReader,
): Promise<boolean> {
  const { metric } = part.definition;
  if (places.length === 0 || metric.table !== 'usage') return false;
  return isOfPlaces(places, await read(onset.from, onset.to), labelsOf(part, node), metric.signal, { onset });
}

type CellReader = (from: number, to: number) => Promise<UsageCells>;

/** Standings of one bucket often share their stretch: it is read once. */
function cellReader(store: SeriesStore, tenant: string, part: Part): CellReader {
  const read = new Map<string, Promise<UsageCells>>();
  return (from, to) => {
    const key = `${from}/${to}`;
    const cells = read.get(key) ?? cellsOf(store, tenant, part, from, to);
    read.set(key, cells);
    return cells;
  };
}

const legOf = (settings: Settings, source: string): string | undefined => settings.sources[source]?.leg;

const gapOf = ({ onset }: Standing): number => Math.abs(onset.observed - onset.expected);

/** The standing against what its surroundings let expect; in its own direction only. */
function adjustedBy(standing: Standing, level: number): Standing {
  const { onset } = standing;
  const factor = onset.direction === 'down' ? Math.min(1, level) : Math.max(1, level);
  if (factor === 1) return standing;
  return { ...standing, onset: { ...onset, expected: onset.expected * factor, lower: onset.lower * factor, upper: onset.upper * factor } };
}

/**
 * Whether at least half of the deviation is the series' own, and that is beyond the floor. Of one that nothing around explains half the floor is enough: its buckets were beyond it, and what has
 * dwindled to less than that is over.
 */
function remains({ definition }: Part, { onset: whole }: Standing, { onset }: Standing): boolean {
  const sign = onset.direction === 'down' ? -1 : 1;
  const left = sign * (onset.observed - onset.expected);
  const all = sign * (whole.observed - whole.expected);
  return left >= all / 2 && left >= wholeFloorOf(definition, onset) / (onset.expected === whole.expected ? 2 : 1);
}

/** Whether the finding is one of this part's. */
function belongs(finding: Finding, { definition, fixed, state }: Part): boolean {
  if (finding.detector !== definition.identity || finding.metric !== definition.metric.name) return false;
  if (definition.metric.table === 'usage' && finding.scope['leg'] !== fixed) return false;
  if (definition.shards === 1) return true;
  const values = definition.dimensions.flatMap((dimension) => finding.scope[dimension] ?? []);
  return state.nodes.find(values) !== undefined;
}

/** What is too small in money or customers is no finding. */
function floored({ definition }: Part, judgement: Judgement): Judgement {
  if (judgement.state !== 'violation') return judgement;
  const { money, customers } = definition.effect;
  const poor = judgement.money !== undefined && Number(judgement.money.amount) < money;
  const few = judgement.customers !== undefined && judgement.customers.count < customers;
  if (!poor && !few) return judgement;
  return {
    ...calm(judgement.cell, judgement.window),
    unit: judgement.unit,
    note: poor ? 'below the floor of money' : 'below the floor of customers',
  };
}
