/** Detectors over series as a table, and the documentation of one. */
import { stringify } from 'yaml';
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { VerdictCounts } from '../../detectors/budget/learn.ts';
import { frameOf, type SeriesDefinition, seriesDefinitions, settingsOf } from '../../detectors/series/index.ts';
import type { Store } from '../../sql/store.ts';
import { shiftOf } from '../detect/series/series.ts';
import { colour, table } from './print.ts';

const knownMs = 40 * 86_400_000;

interface Stands {
  readonly detector: string;
  readonly series: string;
  readonly open: string;
  readonly learning: string;
  readonly blind: string;
  readonly median_visible_drop: number | null;
  readonly judged_to: string;
}

export interface DetectorLine {
  readonly definition: SeriesDefinition;
  readonly enabled: boolean;
  readonly last: Stands | undefined;
  /** By how much verdicts on the whole detector have moved its score limit, in powers of ten of p. */
  readonly shift: number;
  readonly verdicts: VerdictCounts | undefined;
}

/** Every detector that the settings know, those switched off too. */
export function allDetectors(settings: Pick<Settings, 'detectors'>): readonly SeriesDefinition[] {
  const on = Object.fromEntries(Object.entries(settings.detectors).map(([name, detector]) => [name, { ...detector, enabled: true }]));
  return seriesDefinitions(on).definitions;
}

/** Every detector with how it stands and what verdicts have done. */
export async function detectorLines(
  store: Pick<Store, 'rows'>,
  settings: Pick<Settings, 'detectors' | 'tenant'>,
  verdicts: ReadonlyMap<string, VerdictCounts>,
  instant: number,
): Promise<readonly DetectorLine[]> {
  const since = writeInstant(instant - knownMs);
  const rows = await store.rows<Stands>('api-series-detectors', { tenant: settings.tenant, since });
  const stands = new Map(rows.map((row) => [row.detector, row]));
  return allDetectors(settings).map((definition) => {
    const said = verdicts.get(definition.identity);
    return {
      definition,
      enabled: settings.detectors[definition.identity]?.enabled !== false,
      last: stands.get(definition.identity),
      shift: said ? shiftOf(said) : 0,
      verdicts: said,
    };
  });
}

function stateText({ enabled, last }: DetectorLine): string {
  if (!enabled) return colour('off', 'dim');
  if (!last) return colour('no data yet', 'dim');
  if (Number(last.open) > 0) return colour('violation', 'red');
  return last.series === last.learning ? colour('learning', 'dim') : colour('ok', 'green');
}

/**
 * The floor of a detector in a few words.
 * @example floorText(seriesDefinitions({}).definitions[0]) // '20 %, 20 records/h'
 */
export function floorText({ effect, metric }: SeriesDefinition): string {
  if (metric.signal === 'ratio') return `${Number((effect.absolute * 100).toFixed(4))} points`;
  const perHour = metric.signal === 'mean' ? '' : '/h';
  return [
    `${Number((effect.relative * 100).toFixed(4))} %`,
    effect.absolute > 0 ? `${effect.absolute} ${metric.unit}${perHour}` : '',
    effect.money > 0 ? `${effect.money} of money` : '',
    effect.customers > 0 ? `${effect.customers} customers` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function dropText(last: Stands | undefined): string {
  if (!last || last.series === last.learning) return '';
  return last.median_visible_drop === null ? 'not even a stop' : `${Math.round(last.median_visible_drop * 100)} %`;
}

/** The table, and a line for each detector that verdicts have moved. */
export function detectorTable(lines: readonly DetectorLine[]): string {
  const rows = lines.map((line) => {
    const { definition, last } = line;
    const { identity, title, budget } = definition;
    return [
      identity,
      title,
      stateText(line),
      last ? Number(last.series) : '',
      last ? Number(last.open) : '',
      last ? Number(last.blind) : '',
      dropText(last),
      floorText(definition),
      `${budget.perDay} a day, ${budget.per1000SeriesDays} per 1000`,
      last?.judged_to.slice(0, 16) ?? '',
    ];
  });
  const columns = [
    { title: 'ID' },
    { title: 'DETECTOR', width: 40 },
    { title: 'STATE' },
    { title: 'SERIES', right: true },
    { title: 'OPEN', right: true },
    { title: 'BLIND', right: true },
    { title: 'HALF SHOW', right: true },
    { title: 'FLOOR', width: 24 },
    { title: 'FALSE ALARMS, AT MOST', width: 24 },
    { title: 'JUDGED TO (UTC)' },
  ];
  const moved = lines.flatMap((line) => shiftText(line) || []);
  return `${table(columns, rows)}\n${moved.map((text) => `\n${text}\n`).join('')}`;
}

/**
 * What verdicts have done to a detector; empty when nothing.
 * @example shiftText({ definition, enabled: true, last: undefined, shift: 0, verdicts: undefined }) // ''
 */
export function shiftText({ definition, shift, verdicts }: DetectorLine): string {
  if (verdicts === undefined || Math.abs(shift) < 0.005) return '';
  const said = verdicts.true + verdicts.false;
  const factor = Number((10 ** Math.abs(shift)).toPrecision(2));
  return `${definition.identity} learned from ${said} verdict${said === 1 ? '' : 's'}: its limit of p is ${factor} times ${shift > 0 ? 'smaller' : 'larger'}`;
}

/** A detector for `--json`. */
export function detectorJson({ definition, enabled, last, shift }: DetectorLine): object {
  const { identity, kind } = definition;
  return { identity, kind, enabled, settings: settingsOf(definition), shift, last: last ?? null };
}

/** The documentation of a detector with its settings as they would stand in `weir.yaml`. */
export function describeDetector(definition: SeriesDefinition): string {
  const { identity, title, documentation, needs } = frameOf(definition);
  const section = (name: string, text: string): string => `\n${colour(name, 'bold')}\n${text}`;
  return `${[
    colour(`${identity}  ${title}`, 'bold'),
    documentation.meaning,
    section('Needs', needs.data),
    section('Formula', documentation.formula),
    section('How to prove it', documentation.proof),
    section('How to recover', documentation.recovery),
    section('Settings that hold, as in weir.yaml', settingsYaml(definition)),
    'What each means: docs/detectors.md',
  ].join('\n')}\n`;
}

/** The settings of a detector as YAML. */
export function settingsYaml(definition: SeriesDefinition): string {
  return stringify(
    { detectors: { [definition.identity]: settingsOf(definition) } },
    { flowCollectionPadding: true, collectionStyle: 'any' },
  );
}
