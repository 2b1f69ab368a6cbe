/** Panels in the house style: the same figure looks the same on every board. */
import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import { datasource, type Query, target, withUnits } from './query.ts';

/** Where a colour begins; the first one has no beginning. */
export type Steps = readonly [string, ...(readonly [number, string])[]];

/** A link of a panel or of its values: title and URL. */
export type Link = readonly [title: string, url: string];

/** What every panel says. */
export interface Spec {
  readonly title: string;
  /** What it shows, by which formula and standard, and what to do about it. */
  readonly description: string;
  /** Of Grafana; `money`: the currency of the tenant, `metric`: that of the metric; both come with the data. */
  readonly unit: string;
  readonly queries: readonly Query[];
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: Steps;
  /** Leads on from a value. */
  readonly links?: readonly Link[];
  /** Leads on from the head of the panel. */
  readonly panelLinks?: readonly Link[];
  readonly noValue?: string;
}

type AnyPanel = Timeseries | Stat | Table | BarGauge;

/** Colours of states: green is well, orange is a warning, red is bad; blue says nothing of the kind. */
export const colours = { well: 'green', warning: 'orange', bad: 'red', neutral: 'blue' } as const;

function thresholds([first, ...rest]: Steps): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))]);
}

const link = ([title, url]: Link): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(url)
    .targetBlank(url.startsWith('${__data') || url.startsWith('http'));

function basic<B extends AnyPanel>(panel: B, spec: Spec & { readonly columns?: readonly TableColumn[] }): B {
  panel.title(spec.title).description(spec.description).datasource(datasource);
  if (spec.unit !== 'money' && spec.unit !== 'metric') panel.unit(spec.unit);
  panel.noValue(spec.noValue ?? 'nothing');
  const amounts = [
    ...(spec.unit === 'money' ? ['*'] : []),
    ...(spec.columns ?? []).flatMap(({ name, unit }) => (unit === 'money' ? [name] : [])),
  ];
  const units = Object.fromEntries(amounts.map((name) => [name, 'currency']));
  for (const [index, query] of spec.queries.entries()) panel.withTarget(target(withUnits(query, units), index));
  panel.thresholds(thresholds(spec.thresholds ?? [colours.neutral]));
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.links) panel.dataLinks(spec.links.map(link));
  if (spec.panelLinks) panel.links(spec.panelLinks.map(link));
  return panel;
}

export interface SeriesSpec extends Spec {
  readonly stacked?: boolean;
  readonly fill?: number;
  /** Points where there are few. */
  readonly points?: boolean;
  /** Fixed colours by name of the series. */
  readonly colours?: Readonly<Record<string, string>>;
  /** Series of the answer that do not belong into this picture: a regular expression. */
  readonly without?: string;
}

/** Something over time. The band of a KPI brings its style with it. */
export function series(spec: SeriesSpec): Builder<Panel> {
  const panel = basic(new Timeseries(), spec)
    .lineWidth(1)
    .fillOpacity(spec.fill ?? (spec.stacked ? 40 : 0))
    .showPoints(spec.points ? VisibilityMode.Always : VisibilityMode.Never)
    .pointSize(4)
    .spanNulls(false)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'min', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  for (const [name, colour] of Object.entries(spec.colours ?? {}))
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }]);
  if (spec.without) panel.overrideByRegexp(spec.without, [{ id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: true } }]);
  // The band is grey whatever its series: it is not a series to be told from others.
  panel.overrideByRegexp('/(^| )(expected|lower|upper|last week)$/', [{ id: 'color', value: { mode: 'fixed', fixedColor: '#8e8e9b' } }]);
  return panel;
}

export interface StatSpec extends Spec {
  /** Field that is shown; all numbers where it is not said. */
  readonly field?: string;
  /** lastNotNull, sum, max, count; default lastNotNull. */
  readonly reduce?: string;
  readonly sparkline?: boolean;
}

/** One figure. What is not known has no colour of a state. */
export function stat(spec: StatSpec): Builder<Panel> {
  const unknown = {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.Null, result: { text: spec.noValue ?? 'nothing', color: 'text', index: 0 } },
  } as const;
  return basic(new Stat(), spec)
    .mappings([unknown])
    .colorMode(BigValueColorMode.Value)
    .graphMode(spec.sparkline ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .reduceOptions(
      new ReduceDataOptionsBuilder()
        .values(false)
        .calcs([spec.reduce ?? 'lastNotNull'])
        .fields(spec.field ? `/^${spec.field}$/` : ''),
    );
}

export interface TableColumn {
  readonly name: string;
  readonly title?: string;
  readonly unit?: string;
  readonly width?: number;
  readonly hidden?: boolean;
  /** Long text: can be opened whole. */
  readonly long?: boolean;
  readonly links?: readonly Link[];
  /** Colours the cell. */
  readonly thresholds?: Steps;
  /** Text and colour by value. */
  readonly values?: Readonly<Record<string, readonly [text: string, colour: string]>>;
}

export interface TableSpec extends Spec {
  readonly columns?: readonly TableColumn[];
  readonly sort?: readonly [name: string, descending: boolean];
}

const plainLinks = (links: readonly Link[]): object[] => links.map(([title, url]) => ({ title, url, targetBlank: false }));

function columnProperties(column: TableColumn): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [];
  if (column.title) properties.push({ id: 'displayName', value: column.title });
  if (column.unit && column.unit !== 'money') properties.push({ id: 'unit', value: column.unit });
  if (column.width) properties.push({ id: 'custom.width', value: column.width });
  if (column.hidden) properties.push({ id: 'custom.hidden', value: true });
  if (column.long) properties.push({ id: 'custom.inspect', value: true });
  if (column.links) properties.push({ id: 'links', value: plainLinks(column.links) });
  if (column.thresholds || column.values) properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
  if (column.thresholds) {
    const [first, ...rest] = column.thresholds;
    properties.push({
      id: 'thresholds',
      value: { mode: 'absolute', steps: [{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))] },
    });
    properties.push({ id: 'color', value: { mode: 'thresholds' } });
  }
  if (column.values) {
    const options = Object.fromEntries(
      Object.entries(column.values).map(([value, [text, color]], index) => [value, { text, color, index }]),
    );
    properties.push({ id: 'mappings', value: [{ type: 'value', options }] });
  }
  return properties;
}

/** Rows. */
export function table(spec: TableSpec): Builder<Panel> {
  const panel = basic(new Table(), spec).filterable(true).showHeader(true);
  // The words for an empty table are not those for an empty cell.
  for (const type of ['string', 'number', 'time']) panel.overrideByFieldType(type, [{ id: 'noValue', value: '–' }]);
  // A text of digits alone, such as a pseudonym, would be taken for a number and rounded.
  panel.overrideByFieldType('string', [{ id: 'unit', value: 'string' }]);
  for (const column of spec.columns ?? []) panel.overrideByName(column.name, columnProperties(column));
  if (spec.sort) panel.sortBy([new TableSortByFieldStateBuilder().displayName(spec.sort[0]).desc(spec.sort[1])]);
  return panel;
}

/** Values beside each other, one bar each; rows of a table become bars by their field `value`. */
export function bars(spec: Spec): Builder<Panel> {
  return basic(new BarGauge(), spec)
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .reduceOptions(new ReduceDataOptionsBuilder().values(true).limit(25).calcs(['lastNotNull']).fields(''));
}

/** Severities and states as people read them. */
export const severityValues: NonNullable<TableColumn['values']> = {
  critical: ['critical', 'dark-red'],
  major: ['major', 'red'],
  minor: ['minor', 'orange'],
  warning: ['warning', 'yellow'],
  info: ['info', 'blue'],
};
export const stateValues: NonNullable<TableColumn['values']> = {
  open: ['open', 'red'],
  acknowledged: ['acknowledged', 'orange'],
  in_progress: ['in progress', 'yellow'],
  resolved: ['resolved', 'green'],
  closed: ['closed', 'text'],
};
