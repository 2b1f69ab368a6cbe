/** Every question of every board, through the shipped plugin, against the real API with the simulated operator in it. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, type BoardJson, runBoard } from '../../test/support/board-run.ts';
import { type BrowserPage, chromium, openPage } from '../../test/support/browser.ts';
import { type Operator, startOperator } from '../../test/support/operator.ts';
import { type GrafanaFrame, type LoadedPlugin, loadPlugin, pluginBuild, pluginPackages, pluginRoot } from '../../test/support/plugin.ts';
import { queryCases } from '../../test/support/query-cases.ts';
import { fileOf, folder } from './generate.ts';
import { boards } from './index.ts';

/** What has nothing to show with the simulated operator, and why. */
const nothingBecause: Readonly<Record<string, string>> = {
  'weir-incident/Also seen': 'its incidents are each of one finding',
  'weir-incident/Deliveries': 'the test has no target that is told',
  'weir-incident/What explains it': 'what a control counts is not explained by a dimension',
  'weir-reconciliation/Causes': 'honest legs: nothing breaks',
  'weir-reconciliation/Breaks': 'honest legs: nothing breaks',
  'weir-lifecycle/Why steps fail': 'no step of the demo fails',
  'weir-slo/Next last day of a claim': 'sixteen days of history hold no month that is over with a credit',
  'weir-wholesale/Findings about partners': 'the demo plants no wholesale fault',
};

let operator: Operator;
let plugin: LoadedPlugin;

beforeAll(async () => {
  pluginPackages();
  const dist = pluginBuild();
  operator = await startOperator();
  plugin = loadPlugin(dist, operator.url, operator.token);
}, 900_000);
afterAll(() => operator?.stop());

/** Said at the end of the whole run, where it is seen. */
function note(text: string): void {
  const file = process.env['WEIR_TEST_NOTES'];
  if (file) appendFileSync(file, `${text}\n`);
  else console.warn(text);
}

const board = (uid: string): BoardJson => JSON.parse(readFileSync(join(folder, fileOf({ uid })), 'utf8'));
/** Rows that show something: a row of series whose numbers are all unknown shows nothing. */
const rows = (frames: readonly GrafanaFrame[]): number =>
  frames.reduce((sum, { fields, length }) => {
    const shown = fields.filter(({ type }) => type !== 'time');
    const known = Array.from({ length }, (_, index) => shown.some(({ values }) => values[index] !== null)).filter(Boolean).length;
    return sum + (shown.length === 0 ? length : known);
  }, 0);

/** Whether a picture of that kind can be made of the frames: what fails is said. */
function wrongIn({ panel, answer: { data } }: Asked): string {
  const fields = data.flatMap((frame) => frame.fields);
  const numbers = fields.filter(({ type }) => type === 'number');
  if (panel?.type === 'timeseries') {
    for (const frame of data) {
      const time = frame.fields[0];
      if (time?.type !== 'time') return 'the first field is no time';
      const values = time.values as readonly number[];
      if (values.some((value, index) => index > 0 && value < values[index - 1]!)) return 'time does not rise';
      if (!frame.fields.some(({ type }) => type === 'number')) return 'no number';
    }
    return '';
  }
  if (panel?.type === 'stat') {
    const wanted = panel.options?.reduceOptions?.fields ?? '';
    const pattern = wanted === '' ? undefined : new RegExp(wanted.slice(1, -1));
    const shown = data.flatMap((frame) =>
      frame.fields.filter((field) => field.type === 'number' && (pattern?.test(plugin.nameOf(field, frame, data)) ?? true)),
    );
    return shown.length > 0 ? '' : `no number named ${wanted}: ${fields.map(({ name }) => name).join(', ')}`;
  }
  if (panel?.type === 'bargauge') return numbers.length > 0 && fields.some(({ type }) => type === 'string') ? '' : 'no number with a name';
  if (panel?.type === 'geomap')
    return ['latitude', 'longitude'].every((name) => numbers.some((field) => field.name === name)) ? '' : 'no coordinates';
  if (panel?.type === 'nodeGraph')
    return ['id', 'source', 'target'].every((name) => fields.some((field) => field.name === name)) ? '' : 'no nodes or edges';
  return fields.length > 0 ? '' : 'no fields';
}

describe.each(boards.map(({ uid, title }) => [title, uid] as const))('%s', (_title, uid) => {
  it('answers every variable, annotation and panel', async () => {
    const asked = await runBoard(plugin, board(uid), Date.now());
    const wrong = asked.flatMap((one) => {
      const { kind, name, answer, panel } = one;
      const place = `${uid}/${name}`;
      const errors = (answer.errors ?? []).map(({ message }) => `${kind} ${place}: ${message}`);
      if (errors.length > 0) return errors;
      if (kind === 'variable') {
        const names = answer.data[0]?.fields.map((field) => field.name) ?? [];
        return names.includes('value') && rows(answer.data) > 0 ? [] : [`variable ${place}: no values`];
      }
      if (kind === 'annotation') {
        const types = Object.fromEntries(answer.data[0]?.fields.map(({ name: field, type }) => [field, type]) ?? []);
        return types['time'] === 'time' && types['timeEnd'] === 'time' && types['title'] === 'string'
          ? []
          : [`annotation ${place}: ${JSON.stringify(types)}`];
      }
      const bad = wrongIn(one);
      if (bad !== '') return [`panel ${place} (${panel?.type}): ${bad}`];
      if (rows(answer.data) === 0 && !(place in nothingBecause)) return [`panel ${place}: empty`];
      return [];
    });
    expect(wrong).toEqual([]);
    // The SQL behind a panel can be looked at.
    for (const { panel, answer } of asked)
      if (panel?.targets?.every(({ type }) => type === 'sql' || type === 'kpi'))
        for (const { meta } of answer.data) expect(meta?.executedQueryString, panel.title).toContain('SELECT');
  });
});

describe('POST /api/v1/query', () => queryCases(() => operator));

it('names panels that there are where it says that nothing is shown', () => {
  const known = boards.flatMap(({ uid }) => board(uid).panels.map(({ title }) => `${uid}/${title}`));
  expect(known).toEqual(expect.arrayContaining(Object.keys(nothingBecause)));
});

describe('the plugin', () => {
  it('has types that fit those of Grafana', () => {
    const tsc = spawnSync(process.execPath, [join(pluginRoot, 'node_modules/typescript/bin/tsc'), '-p', pluginRoot], { encoding: 'utf8' });
    expect(tsc.stdout).toBe('');
  });

  it('is built as one AMD module with its map, and states its version', () => {
    const dist = join(pluginRoot, 'dist');
    const code = readFileSync(join(dist, 'module.js'), 'utf8');
    expect(code).toMatch(/^define\(\[/);
    expect(code).toMatch(/\/\/# sourceMappingURL=module\.js\.map\s*$/);
    expect(code).not.toMatch(/console\.log|react-dom\/|@grafana\/schema/);
    expect(code.length).toBeLessThan(60_000);
    const about = JSON.parse(readFileSync(join(dist, 'plugin.json'), 'utf8')) as { info: { version: string; updated: string } };
    expect(about.info.version).toBe((JSON.parse(readFileSync(join(pluginRoot, 'package.json'), 'utf8')) as { version: string }).version);
    expect(about.info.updated).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', 'module.js.map', 'img/logo.svg'])
      expect(existsSync(join(dist, name)), name).toBe(true);
  });

  const range = () => ({ from: { valueOf: () => operator.from }, to: { valueOf: () => operator.to } });

  it('says that it works, and what is wrong', async () => {
    expect(await plugin.datasource.testDatasource()).toMatchObject({ status: 'success', message: expect.stringContaining('tenant demo') });
    const dist = join(folder, '..', '..', 'datasource', 'dist');
    const wrongToken = loadPlugin(dist, operator.url, 'wrong-token-0123456789');
    expect((await wrongToken.datasource.testDatasource()).message).toMatch(/token/);
    const nowhere = loadPlugin(dist, 'http://127.0.0.1:9', 'x');
    expect((await nowhere.datasource.testDatasource()).message).toMatch(/cannot reach/);
    expect(plugin.asked.every((address) => address.startsWith('/api/datasources/proxy/uid/weir/weir/api/v1/query'))).toBe(true);
  });

  it('keeps the others when one query fails, and skips what is hidden', async () => {
    const targets = [
      { refId: 'A', type: 'sql', sql: 'SELECT nonsense' },
      { refId: 'B', type: 'accounting', view: 'sources' },
      { refId: 'C', type: 'sql', sql: 'SELECT 1', hide: true },
      { refId: 'D', type: 'sql', sql: ' ' },
    ];
    const { data, errors } = await plugin.datasource.query({ targets, range: range(), intervalMs: 60_000, scopedVars: {} });
    expect(data.map(({ refId }) => refId)).toEqual(['B']);
    expect(errors?.map(({ refId, message }) => [refId, message?.includes('nonsense')])).toEqual([['A', true]]);
  });

  it('takes filters of the board, and knows their keys and values', async () => {
    const filters = [{ key: 'service', operator: '=', value: 'voice' }];
    const targets = [{ refId: 'A', type: 'kpi', metric: 'usage_records', dimensions: ['service'], format: 'total' }];
    const { data } = await plugin.datasource.query({ targets, filters, range: range(), intervalMs: 60_000, scopedVars: {} });
    expect(data[0]?.fields[0]?.values).toEqual(['voice']);
    expect((await plugin.datasource.getTagKeys()).map(({ text }) => text)).toContain('partner');
    expect((await plugin.datasource.getTagValues({ key: 'service', filters })).map(({ text }) => text).sort()).toEqual([
      'data',
      'sms',
      'voice',
    ]);
  });

  it('gives values for variables out of text, and of SQL with value and text', async () => {
    expect((await plugin.datasource.metricFindQuery('values(leg)')).map(({ value }) => value)).toContain('switch');
    expect(await plugin.datasource.metricFindQuery("SELECT 'a', 'A'")).toEqual([{ value: 'a', text: 'A' }]);
    await expect(plugin.datasource.metricFindQuery('nothing')).rejects.toThrow('no values');
  });

  it('writes variables in, quoted where SQL wants it', () => {
    plugin.variables.clear();
    plugin.variables.set('partner', ["o'neill", 'alder']).set('leg', '$__all');
    const sql =
      "SELECT 1 WHERE $__conditionalAll(partner IN ($partner), $partner) AND $__conditionalAll(leg = '$leg', $leg) AND $__timeFilter(t)";
    const [written] = plugin.datasource.interpolateVariablesInQueries([{ refId: 'A', type: 'sql', sql }], {});
    expect(written?.['sql']).toBe("SELECT 1 WHERE partner IN ('o\\'neill','alder') AND 1=1 AND $__timeFilter(t)");
  });

  it('brings editors, help, annotations and variables', () => {
    expect(Object.keys(plugin.plugin.components)).toEqual(expect.arrayContaining(['ConfigEditor', 'QueryEditor', 'QueryEditorHelp']));
    expect([plugin.datasource.annotations, plugin.datasource.variables]).toEqual([expect.anything(), expect.anything()]);
    expect(plugin.datasource.getQueryDisplayText({ type: 'kpi', metric: 'answer_ratio', dimensions: ['partner'] })).toBe(
      'answer_ratio by partner',
    );
  });
});

describe('in a real Chromium', () => {
  let browser: BrowserPage;
  /** Pictures are kept where WEIR_PICTURES says; otherwise they are made and looked at by size only. */
  const keep = process.env['WEIR_PICTURES'] ?? '';

  beforeAll(async () => {
    if (chromium) browser = await openPage(join(folder, '..', '..', 'datasource', 'dist'), operator.url, operator.token);
    else note('pictures: not made, no Chromium is installed');
  });
  afterAll(() => browser?.stop());

  const picture = async (name: string, height: number): Promise<void> => {
    await browser.page.setViewportSize({ width: 1600, height });
    await browser.page.waitForTimeout(400);
    const jpeg = await browser.page.screenshot({ type: 'jpeg', quality: 60 });
    expect(jpeg.length, name).toBeGreaterThan(8_000);
    if (keep !== '') writeFileSync(join(keep, `${name}.jpg`), jpeg);
  };

  /** A picture of the plugin itself: one panel, or the whole window. */
  const own = async (name: string, panel?: string): Promise<void> => {
    if (keep === '') return;
    const find = `[...document.querySelectorAll('[data-panel]')].find((element) => element.dataset.panel === ${JSON.stringify(panel)})`;
    const clip =
      panel &&
      (await browser.page.evaluate<object>(`(({ x, y, width, height }) => ({ x, y, width, height }))(${find}.getBoundingClientRect())`));
    writeFileSync(join(keep, `${name}.png`), await browser.page.screenshot({ type: 'png', ...(clip ? { clip } : {}) }));
  };

  it.skipIf(!chromium)('the shipped module.js loads, asks and says that it works', async () => {
    expect(await browser.page.evaluate('weir.begin()')).toContain('tenant demo');
    expect(browser.errors).toEqual([]);
  });

  it.skipIf(!chromium).each(boards.map(({ uid }) => uid))('%s is drawn without an error', async (uid) => {
    const { height, wrong } = await browser.page.evaluate<{ height: number; wrong: string[] }>(
      `weir.draw(${JSON.stringify(board(uid))}, ${Date.now()})`,
    );
    expect(wrong).toEqual([]);
    await picture(uid, height);
    if (uid === 'weir-command') await own('kpi', 'Records of the switches, against what was to be expected');
    const titles = await browser.page.evaluate<string[]>(
      "[...document.querySelectorAll('[data-panel]')].map((element) => element.dataset.panel)",
    );
    expect(titles).toEqual(
      board(uid)
        .panels.filter(({ type }) => type !== 'row')
        .map(({ title }) => title),
    );
    // A line has been drawn for every series panel that has something.
    const drawn = await browser.page.evaluate<number>("document.querySelectorAll('canvas').length");
    const series = board(uid).panels.filter(({ type, title }) => type === 'timeseries' && !(`${uid}/${title}` in nothingBecause)).length;
    expect(drawn).toBeGreaterThanOrEqual(series);
    expect(browser.errors).toEqual([]);
  });

  it.skipIf(!chromium)('the editors are drawn', async () => {
    const query = {
      refId: 'A',
      type: 'kpi',
      metric: 'answer_ratio',
      dimensions: ['partner'],
      band: true,
      filters: [{ key: 'service', operator: '=|', values: ['voice'] }],
    };
    await browser.page.evaluate(`weir.edit(${JSON.stringify(query)})`);
    await picture('editor-kpi', 300);
    await own('editor');
    await browser.page.evaluate(`weir.edit(${JSON.stringify({ refId: 'A', type: 'incidents', view: 'list', severities: ['1', '2'] })})`);
    await picture('editor-incidents', 300);
    await browser.page.evaluate('weir.configure()');
    await picture('editor-settings', 200);
    const labels = await browser.page.evaluate<string[]>(
      "[...document.querySelectorAll('[aria-label]')].map((element) => element.getAttribute('aria-label'))",
    );
    expect(labels).toEqual(expect.arrayContaining(['URL', 'Token']));
    expect(browser.errors).toEqual([]);
  });
});
