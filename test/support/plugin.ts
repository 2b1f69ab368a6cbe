/**
 * The Grafana plugin as it is shipped, without a Grafana: its packages, its build, and its `module.js` run with the real @grafana/data and a stand-in for
 * what only a Grafana server has (its proxy, its templates).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const pluginRoot = fileURLToPath(new URL('../../dashboards/datasource/', import.meta.url));

/** Whether the packages that the plugin names lie there in their versions. */
function installed(): boolean {
  const lock = join(pluginRoot, 'node_modules', '.package-lock.json');
  if (!existsSync(lock)) return false;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, { version: string } | undefined> };
  const { devDependencies } = JSON.parse(readFileSync(join(pluginRoot, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  return Object.entries(devDependencies).every(([name, version]) => packages[`node_modules/${name}`]?.version === version);
}

/** Brings the packages of the plugin, as its lock file says, where they are not there yet: about a minute, once. */
export function pluginPackages(): void {
  if (installed()) return;
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: pluginRoot,
    encoding: 'utf8',
  });
  if (npm.status !== 0) throw new Error(`the packages of the plugin cannot be installed:\n${npm.stderr}`);
}

/** Builds the plugin; returns the folder. */
export function pluginBuild(): string {
  const built = spawnSync(process.execPath, ['build.mjs'], { cwd: pluginRoot, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the plugin does not build:\n${built.stderr}`);
  return join(pluginRoot, 'dist');
}

/** A field as @grafana/data has it. */
export interface GrafanaField {
  readonly name: string;
  readonly type: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly values: readonly unknown[];
}

export interface GrafanaFrame {
  readonly refId?: string;
  readonly length: number;
  readonly fields: readonly GrafanaField[];
  readonly meta?: { readonly executedQueryString?: string };
}

export interface GrafanaAnswer {
  readonly data: readonly GrafanaFrame[];
  readonly errors?: readonly { readonly refId?: string; readonly message?: string }[];
}

/** What is used of the datasource of the plugin. */
export interface GrafanaDatasource {
  query(request: object): Promise<GrafanaAnswer>;
  metricFindQuery(query: unknown, options?: object): Promise<readonly { readonly text: string; readonly value: string }[]>;
  testDatasource(): Promise<{ readonly status: string; readonly message: string }>;
  getTagKeys(options?: object): Promise<readonly { readonly text: string }[]>;
  getTagValues(options: object): Promise<readonly { readonly text: string }[]>;
  getQueryDisplayText(query: object): string;
  interpolateVariablesInQueries(queries: readonly object[], scoped: object): readonly Readonly<Record<string, unknown>>[];
  readonly annotations: object | undefined;
  readonly variables: object | undefined;
}

export interface LoadedPlugin {
  readonly datasource: GrafanaDatasource;
  /** Values of the variables of the board, by name: what `$name` stands for. */
  readonly variables: Map<string, string | readonly string[]>;
  /** Addresses that were asked, as Grafana's proxy sees them. */
  readonly asked: string[];
  /** What Grafana calls a field. */
  readonly nameOf: (field: GrafanaField, frame: GrafanaFrame, all: readonly GrafanaFrame[]) => string;
  readonly plugin: { readonly components: Readonly<Record<string, unknown>> };
}

/** Where Grafana answers for the datasource; what follows goes through its routes. */
const proxy = '/api/datasources/proxy/uid/weir';

/**
 * Runs `module.js` of a build.
 * @param url of Weir's API. @param token that the proxy adds
 */
export function loadPlugin(dist: string, url: string, token: string): LoadedPlugin {
  const require = createRequire(join(pluginRoot, 'package.json'));
  // @grafana/data formats values for a browser.
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en-US' } });
  const data = require('@grafana/data') as { getFieldDisplayName: LoadedPlugin['nameOf'] };
  const { from } = require('rxjs') as { from: (promise: Promise<unknown>) => unknown };
  const variables = new Map<string, string | readonly string[]>();
  const asked: string[] = [];
  const runtime = {
    getBackendSrv: () => ({ fetch: (options: { url: string; method: string; data?: object }) => from(throughProxy(options)) }),
    getTemplateSrv: () => ({
      replace: (text: string, _scoped: unknown, format: unknown) => replaceVariables(text, variables, format),
    }),
  };
  async function throughProxy({
    url: address,
    method,
    data: body,
  }: {
    url: string;
    method: string;
    data?: object;
  }): Promise<{ data: unknown }> {
    asked.push(address);
    if (!address.startsWith(`${proxy}/weir/`)) throw { status: 404, statusText: 'Not Found', data: {} };
    const response = await fetch(url + address.slice(`${proxy}/weir`.length), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch(() => {
      throw { status: 502, statusText: 'Bad Gateway', data: {} };
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw { status: response.status, statusText: response.statusText, data: answer };
    return { data: answer };
  }
  const known: Readonly<Record<string, unknown>> = {
    '@grafana/data': data,
    '@grafana/runtime': runtime,
    // Components are rendered in a browser, see the test of the pictures.
    '@grafana/ui': new Proxy({}, { get: (_, name) => (name === '__esModule' ? true : () => null) }),
    rxjs: require('rxjs'),
    react: require('react'),
    'react/jsx-runtime': require('react/jsx-runtime'),
  };
  let exported: { plugin?: { DataSourceClass: new (settings: object) => GrafanaDatasource; components: Record<string, unknown> } } = {};
  const define = (names: readonly string[], factory: (...modules: unknown[]) => typeof exported): void => {
    exported = factory(
      ...names.map((name) => {
        if (!(name in known)) throw new Error(`module.js wants ${name}, which Grafana does not share`);
        return known[name];
      }),
    );
  };
  new Function('define', readFileSync(join(dist, 'module.js'), 'utf8'))(define);
  const { plugin } = exported;
  if (!plugin) throw new Error('module.js exports no plugin');
  const settings = {
    id: 1,
    uid: 'weir',
    type: 'weir-assurance-datasource',
    name: 'Weir',
    url: proxy,
    meta: {},
    jsonData: { apiUrl: url },
    readOnly: true,
    access: 'proxy',
  };
  return { datasource: new plugin.DataSourceClass(settings), variables, asked, nameOf: data.getFieldDisplayName, plugin };
}

/**
 * Variables in a text as Grafana writes them in: `$name`, `${name}`, `${name:format}`; a name that is not known stays.
 * @example replaceVariables('a ${x:singlequote}', new Map([['x', ['b', 'c']]])) // "a 'b','c'"
 */
export function replaceVariables(text: string, variables: ReadonlyMap<string, string | readonly string[]>, format?: unknown): string {
  return text.replace(
    /\$(?:\{(\w+)(?::(\w+))?\}|(\w+))/g,
    (whole, braced: string | undefined, stated: string | undefined, bare: string | undefined) => {
      const value = variables.get(braced ?? bare ?? '');
      if (value === undefined) return whole;
      // The custom value of "all" is taken as it is.
      if (value === '$__all') return value;
      const values = typeof value === 'string' ? [value] : value;
      if (stated === 'singlequote') return values.map((each) => `'${each.replaceAll("'", "\\'")}'`).join(',');
      if (stated === 'raw' || stated === 'csv') return values.join(',');
      if (typeof format === 'function') return String(format(value));
      return values.join(',');
    },
  );
}
