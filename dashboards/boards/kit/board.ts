/** A board: rows of panels, with what all boards share: the datasource, incidents as annotations, links to the other boards. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AdHocVariableBuilder,
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Link } from './panel.ts';
import { datasource, incidents, type Query, target } from './query.ts';

/** Panels side by side: each with its width of 24, all of one height. */
export interface Row {
  /** Begins a row that can be folded. */
  readonly title?: string;
  readonly height: number;
  readonly panels: readonly (readonly [width: number, panel: Builder<Panel>])[];
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables?: readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
  /** Default: the last day. */
  readonly from?: string;
  /** Incidents as annotations; default: all. null = none. */
  readonly annotations?: Query | null;
}

/** Stands for "all" in a variable: the plugin leaves the filter out. */
const all = '$__all';

/** A variable of values of a dimension, or of a list of Weir, several at once and all of them. */
export function variable(name: string, of: string, label: string): Builder<VariableModel> {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ refId: 'A', type: 'values', of })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: 'All', value: all });
}

/** A variable of one value. @param first chosen until somebody chooses; empty = the first of the list */
export function choice(name: string, of: string, label: string, first = ''): Builder<VariableModel> {
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ refId: 'A', type: 'values', of })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled);
  return first === '' ? builder : builder.current({ selected: true, text: first, value: first });
}

/** A variable of fixed values. */
export function fixed(name: string, label: string, values: readonly string[], first: string): Builder<VariableModel> {
  return new CustomVariableBuilder(name).label(label).values(values.join(',')).current({ selected: true, text: first, value: first });
}

/** Filters by any dimension, for KPI and SQL. */
export const adhoc = (): Builder<VariableModel> => new AdHocVariableBuilder('filters').label('Filters').datasource(datasource);

/** The address of another board with the range, the datasource and these variables. */
export const to = (uid: string, variables: Readonly<Record<string, string>> = {}): string =>
  `/d/${uid}?\${ds:queryparam}&\${__url_time_range}${Object.entries(variables)
    .map(([name, value]) => `&var-${name}=${value}`)
    .join('')}`;

/** Of a row with an incident: to its board. @param field that holds its identity */
export const toIncident = (field = 'id'): Link => ['Incident', to('weir-incident', { incident: `\${__data.fields.${field}}` })];

/** The board as classic JSON. Panels get their place and their number here. */
export function dashboard(board: Board): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags(['weir'])
    .readonly()
    .timezone('browser')
    .time({ from: board.from ?? 'now-24h', to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(
      new DatasourceVariableBuilder('ds').label('Weir').type(datasource.type).current({ selected: false, text: 'Weir', value: 'weir' }),
    );
  for (const each of board.variables ?? []) builder.withVariable(each);
  builder.link(
    new DashboardLinkBuilder('Boards of Weir')
      .type(DashboardLinkType.Dashboards)
      .tags(['weir'])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
  );
  const shown = board.annotations === undefined ? incidents('list', { severities: ['1', '2', '3', '4'] }) : board.annotations;
  const incidentsShown = new AnnotationQueryBuilder().name('Incidents').datasource(datasource).enable(true).iconColor('red');
  builder.annotations(shown ? [incidentsShown.target(target(shown))] : []);
  let y = 0;
  let id = 1;
  for (const { title, height, panels } of board.rows) {
    if (title) {
      builder.withRow(new RowBuilder(title).id(id++).gridPos({ h: 1, w: 24, x: 0, y }));
      y++;
    }
    let x = 0;
    for (const [width, panel] of panels) {
      const placed = panel.build();
      const built = { ...placed, id: id++, gridPos: { h: height, w: width, x, y } };
      builder.withPanel({ build: () => built });
      x += width;
    }
    y += height;
  }
  return builder.build();
}
