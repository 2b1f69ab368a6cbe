/**
 * A page that stands in for Grafana: loads the shipped module.js as Grafana's loader does, asks through the plugin, and draws the panels of a board with
 * the components of @grafana/ui. The panels of Grafana itself are not on npm: what is drawn here looks like them and is not them.
 */
import * as emotion from '@emotion/css';
import * as grafanaData from '@grafana/data';
import {
  createTheme,
  type DataFrame,
  type DataQueryRequest,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type DataSourcePlugin,
  type DisplayValue,
  dateTime,
  type Field,
  FieldType,
  getDisplayProcessor,
  getFieldDisplayName,
  type ReducerID,
  reduceField,
  ThemeContext,
  type TimeRange,
  VizOrientation,
} from '@grafana/data';
import * as runtime from '@grafana/runtime';
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode, LegendDisplayMode } from '@grafana/schema';
import * as ui from '@grafana/ui';
import { BarGauge, BigValue, BigValueColorMode, BigValueGraphMode, PanelChrome, Table, TimeSeries } from '@grafana/ui';
import * as React from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import { createRoot } from 'react-dom/client';
import * as rxjs from 'rxjs';
import type { WeirOptions, WeirQuery } from '../src/types.ts';

type Datasource = DataSourceApi<WeirQuery, WeirOptions>;
type Plugin = DataSourcePlugin<Datasource, WeirQuery, WeirOptions>;

interface Matcher {
  id: string;
  options: string;
}

interface PanelJson {
  id: number;
  type: string;
  title: string;
  description: string;
  targets: WeirQuery[];
  gridPos: { h: number; w: number; x: number; y: number };
  options?: { reduceOptions?: { calcs?: ReducerID[]; fields?: string } };
  fieldConfig: {
    defaults: grafanaData.FieldConfig;
    overrides: Array<{ matcher: Matcher; properties: Array<{ id: string; value: unknown }> }>;
  };
}

interface BoardJson {
  title: string;
  description: string;
  time: { from: string };
  panels: PanelJson[];
  templating: { list: Array<{ name: string; type: string; query?: WeirQuery; current?: { value?: string } }> };
}

const theme = createTheme({ colors: { mode: 'dark' } });
const proxy = '/api/datasources/proxy/uid/weir';
const width = 1600;
const unit = 38;
const variables = new Map<string, string>();

runtime.setBackendSrv({
  fetch: ({ url, method, data }: { url: string; method?: string; data?: unknown }) =>
    rxjs.from(
      (async () => {
        const init: RequestInit = { method: method ?? 'GET' };
        if (data) Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) });
        const response = await fetch(url, init);
        const answer: unknown = await response.json().catch(() => ({}));
        if (!response.ok) throw { status: response.status, statusText: response.statusText, data: answer };
        return { data: answer };
      })(),
    ),
} as unknown as runtime.BackendSrv);
runtime.setTemplateSrv({
  replace: (text: string, _scoped: unknown, format: unknown) =>
    text.replace(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      const value = variables.get(braced ?? bare ?? '');
      return value === undefined ? whole : typeof format === 'function' && value !== '$__all' ? String(format(value)) : value;
    }),
  getVariables: () => [],
  containsTemplate: () => false,
  updateTimeRange: () => undefined,
} as unknown as runtime.TemplateSrv);

/** Loads module.js as an AMD module with what Grafana shares. */
function load(): Promise<Plugin> {
  const shared: Record<string, unknown> = {
    ...{ '@emotion/css': emotion, '@grafana/data': grafanaData, '@grafana/runtime': runtime, '@grafana/ui': ui },
    ...{ react: React, 'react/jsx-runtime': jsxRuntime, rxjs },
  };
  return new Promise((resolve, reject) => {
    const define = (names: string[], factory: (...modules: unknown[]) => { plugin: Plugin }): void => {
      const missing = names.find((name) => !(name in shared));
      if (missing) reject(new Error(`module.js wants ${missing}`));
      else resolve(factory(...names.map((name) => shared[name])).plugin);
    };
    Object.assign(window, { define: Object.assign(define, { amd: {} }) });
    const script = document.createElement('script');
    script.src = '/module.js';
    script.onerror = () => reject(new Error('module.js cannot be loaded'));
    document.head.append(script);
  });
}

let plugin: Plugin;
let datasource: Datasource;

async function begin(): Promise<string> {
  plugin = await load();
  const settings = {
    id: 1,
    uid: 'weir',
    type: 'weir-assurance-datasource',
    name: 'Weir',
    url: proxy,
    meta: {},
    jsonData: {},
    readOnly: true,
    access: 'proxy',
  };
  datasource = new plugin.DataSourceClass(settings as unknown as DataSourceInstanceSettings<WeirOptions>);
  return (await datasource.testDatasource()).message;
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function rangeOf(from: string, now: number): TimeRange {
  const [, count = '1', letter = 'd'] = /^now-(\d+)([mhd])$/.exec(from) ?? [];
  const [start, end] = [dateTime(now - Number(count) * (units[letter] ?? 0)), dateTime(now)];
  return { from: start, to: end, raw: { from: start, to: end } };
}

async function ask(targets: WeirQuery[], range: TimeRange, pixels: number): Promise<{ frames: DataFrame[]; errors: string[] }> {
  const intervalMs = Math.max(1000, (range.to.valueOf() - range.from.valueOf()) / pixels);
  const request = {
    targets,
    range,
    intervalMs,
    maxDataPoints: pixels,
    scopedVars: {},
    requestId: 'Q',
    app: 'dashboard',
    timezone: 'utc',
    startTime: 0,
    interval: '1m',
  };
  const answer = await (datasource.query(request as unknown as DataQueryRequest<WeirQuery>) as Promise<grafanaData.DataQueryResponse>);
  return { frames: answer.data as DataFrame[], errors: (answer.errors ?? []).map(({ message }) => message ?? '') };
}

function matches({ id, options }: Matcher, field: Field, name: string): boolean {
  if (id === 'byRegexp') return new RegExp(options.slice(1, -1)).test(name);
  if (id === 'byType') return field.type === options;
  return options === name || options === field.name;
}

/** The options of the panel laid over those that come with the data, as Grafana does: overrides first, then the data's own, then the defaults. */
function styled(frames: DataFrame[], { fieldConfig }: PanelJson): DataFrame[] {
  let next = 0;
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      const name = getFieldDisplayName(field, frame, frames);
      const config: grafanaData.FieldConfig = {
        ...fieldConfig.defaults,
        ...field.config,
        custom: { ...fieldConfig.defaults.custom, ...field.config.custom },
      };
      for (const { matcher, properties } of fieldConfig.overrides ?? []) {
        if (!matches(matcher, field, name)) continue;
        for (const { id, value } of properties) {
          if (id.startsWith('custom.')) config.custom = { ...config.custom, [id.slice(7)]: value };
          else Object.assign(config, { [id]: value });
        }
      }
      // As Grafana reads the JSON of a board: the first step has no beginning.
      if (config.thresholds)
        config.thresholds = {
          ...config.thresholds,
          steps: config.thresholds.steps.map((step, index) => (index === 0 ? { ...step, value: Number.NEGATIVE_INFINITY } : step)),
        };
      const copy: Field = { ...field, config, state: { seriesIndex: field.type === FieldType.number ? next++ : 0 } };
      copy.display = getDisplayProcessor({ field: copy, theme, timeZone: 'utc' });
      return copy;
    }),
  }));
}

/** Every field's figure, reduced as the panel says. */
function figures(frames: DataFrame[], { options }: PanelJson): Array<{ name: string; value: DisplayValue }> {
  const wanted = options?.reduceOptions?.fields ? new RegExp(options.reduceOptions.fields.slice(1, -1)) : undefined;
  const calc = options?.reduceOptions?.calcs?.[0] ?? ('lastNotNull' as ReducerID);
  return frames.flatMap((frame) =>
    frame.fields
      .filter((field) => field.type === FieldType.number && (wanted?.test(getFieldDisplayName(field, frame, frames)) ?? true))
      .map((field) => ({
        name: getFieldDisplayName(field, frame, frames),
        value: { ...field.display!(reduceField({ field, reducers: [calc] })[calc]), title: '' },
      })),
  );
}

interface PanelProps {
  panel: PanelJson;
  frames: DataFrame[];
  errors: string[];
  range: TimeRange;
}

function Inner({ panel, frames, range, size }: PanelProps & { size: { w: number; h: number } }) {
  const { w, h } = size;
  const rows = frames.reduce((sum, { length }) => sum + length, 0);
  if (rows === 0)
    return <div style={{ padding: 16, color: theme.colors.text.secondary }}>{panel.fieldConfig.defaults.noValue ?? 'No data'}</div>;
  if (panel.type === 'timeseries')
    return (
      <TimeSeries
        frames={frames}
        structureRev={1}
        width={w}
        height={h}
        timeRange={range}
        timeZone="utc"
        legend={{ displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] }}
      />
    );
  if (panel.type === 'table') {
    const [frame] = frames;
    const fields = frame!.fields.filter((field) => !field.config.custom?.hidden);
    return <Table data={{ ...frame!, fields }} width={w} height={h} />;
  }
  if (panel.type === 'stat') {
    const values = figures(frames, panel);
    return (
      <div style={{ display: 'flex' }}>
        {values.map(({ name, value }) => (
          <BigValue
            key={name}
            value={value}
            width={w / values.length}
            height={h}
            theme={theme}
            colorMode={BigValueColorMode.Value}
            graphMode={BigValueGraphMode.None}
          />
        ))}
      </div>
    );
  }
  if (panel.type === 'bargauge') {
    const [frame] = frames;
    const number = frame!.fields.find(({ type }) => type === FieldType.number)!;
    const name = frame!.fields.find(({ type }) => type === FieldType.string);
    const shown = Math.min(frame!.length, Math.floor(h / 26));
    const most = Math.max(...number.values.map(Number), 1e-9);
    return (
      <div>
        {Array.from({ length: shown }, (_, index) => (
          <BarGauge
            // biome-ignore lint/suspicious/noArrayIndexKey: drawn once
            key={index}
            theme={theme}
            width={w}
            height={24}
            itemSpacing={2}
            field={{ ...number.config, min: 0, max: most }}
            display={number.display}
            value={{ ...number.display!(number.values[index]), title: String(name?.values[index] ?? '') }}
            orientation={VizOrientation.Horizontal}
            displayMode={BarGaugeDisplayMode.Basic}
            valueDisplayMode={BarGaugeValueMode.Text}
            namePlacement={BarGaugeNamePlacement.Left}
          />
        ))}
      </div>
    );
  }
  return (
    <div
      style={{ padding: 16, color: theme.colors.text.secondary }}
    >{`${panel.type}: ${rows} rows. Grafana draws this kind of panel itself.`}</div>
  );
}

function Panel(props: PanelProps) {
  const { panel, errors } = props;
  const { x, y, w, h } = panel.gridPos;
  const size = { w: (w * width) / 24 - 8, h: h * unit - 8 };
  return (
    <div data-panel={panel.title} style={{ position: 'absolute', left: (x * width) / 24 + 4, top: y * unit + 64 }}>
      <PanelChrome
        title={panel.title}
        description={panel.description}
        width={size.w}
        height={size.h}
        {...(errors.length > 0 ? { statusMessage: errors.join('; ') } : {})}
      >
        {(innerWidth, innerHeight) => <Inner {...props} size={{ w: innerWidth, h: innerHeight }} />}
      </PanelChrome>
    </div>
  );
}

const root = createRoot(document.getElementById('root')!);
const themed = (inner: React.ReactNode, height: number): React.ReactNode => (
  <ThemeContext.Provider value={theme}>
    <div
      style={{
        position: 'relative',
        width,
        height,
        background: theme.colors.background.canvas,
        color: theme.colors.text.primary,
        fontFamily: theme.typography.fontFamily,
        fontSize: 14,
      }}
    >
      {inner}
    </div>
  </ThemeContext.Provider>
);

/** Draws a board; returns its height and what went wrong. */
async function draw(board: BoardJson, now: number): Promise<{ height: number; wrong: string[] }> {
  const range = rangeOf(board.time.from, now);
  variables.clear();
  for (const { name, type, query, current } of board.templating.list) {
    if (type === 'query' && query) {
      const { frames } = await ask([query], range, 800);
      const value = frames[0]?.fields.find((field) => field.name === 'value')?.values[0];
      variables.set(name, current?.value ?? String(value ?? ''));
    } else if (type === 'custom') variables.set(name, current?.value ?? '');
  }
  const wrong: string[] = [];
  const drawn = await Promise.all(
    board.panels.map(async (panel) => {
      if (panel.type === 'row') return null;
      const { frames, errors } = await ask(panel.targets, range, panel.gridPos.w * 66);
      wrong.push(...errors.map((error) => `${panel.title}: ${error}`));
      return <Panel key={panel.id} panel={panel} frames={styled(frames, panel)} errors={errors} range={range} />;
    }),
  );
  const height = Math.max(...board.panels.map(({ gridPos: { y, h } }) => y + h)) * unit + 72;
  const head = (
    <div style={{ padding: '12px 16px' }}>
      <span style={{ fontSize: 20 }}>{board.title}</span>
      <span style={{ marginLeft: 16, color: theme.colors.text.secondary }}>rendered with @grafana/ui from the simulated operator</span>
    </div>
  );
  root.render(
    themed(
      <>
        {head}
        {drawn}
      </>,
      height,
    ),
  );
  return { height, wrong };
}

/** Draws the query editor with a query. */
function edit(query: WeirQuery): void {
  const Editor = plugin.components.QueryEditor!;
  root.render(
    themed(
      <div style={{ padding: 16 }}>
        <Editor datasource={datasource} query={query} onChange={() => undefined} onRunQuery={() => undefined} />
      </div>,
      420,
    ),
  );
}

/** Draws the settings of the datasource. */
function configure(): void {
  const Editor = plugin.components.ConfigEditor!;
  const options = {
    id: 1,
    uid: 'weir',
    name: 'Weir',
    jsonData: { apiUrl: 'http://weir:8080' },
    secureJsonFields: { apiToken: true },
    secureJsonData: {},
  };
  root.render(
    themed(
      <div style={{ padding: 16 }}>
        <Editor options={options as never} onOptionsChange={() => undefined} />
      </div>,
      260,
    ),
  );
}

Object.assign(window, { weir: { begin, draw, edit, configure } });
