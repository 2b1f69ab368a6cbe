/** What the dashboard linter of Grafana checks and more, of every board. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kpiMetrics, usageDimensions } from '../../app/api/query/kpi.ts';
import { macroNames } from '../../app/api/query/macros.ts';
import { lists } from '../../app/api/query/values.ts';
import { kpis } from '../../detectors/service/kpis/index.ts';
import { fileOf, folder, textOf } from './generate.ts';
import { boards } from './index.ts';

interface Target extends Record<string, unknown> {
  readonly refId: string;
  readonly type: string;
  readonly datasource: { readonly uid: string; readonly type: string };
}

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] } };
  };
}

interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: {
    readonly list: readonly (Record<string, unknown> & { readonly name: string; readonly type: string; readonly query?: unknown })[];
  };
  readonly annotations: { readonly list: readonly { readonly target?: Target }[] };
}

const json = boards.map((board) => JSON.parse(textOf(board)) as DashboardJson);
const shown = ({ panels }: DashboardJson): readonly PanelJson[] => panels.filter(({ type }) => type !== 'row');

it('are what is committed: `npm run boards` changes nothing', () => {
  expect(readdirSync(folder).sort()).toEqual(boards.map(fileOf).sort());
  for (const board of boards) expect(readFileSync(join(folder, fileOf(board)), 'utf8'), board.uid).toBe(textOf(board));
});

describe.each(json.map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  it('is classic JSON that Grafana provisions and nobody edits there', () => {
    expect(board).toMatchObject({ editable: false, schemaVersion: 42 });
    expect(board).not.toHaveProperty('spec');
  });

  it('asks the datasource that its variable names, everywhere', () => {
    expect(board.templating.list[0]).toMatchObject({ name: 'ds', type: 'datasource', query: 'weir-assurance-datasource' });
    for (const panel of shown(board)) {
      expect(panel.datasource?.uid, panel.title).toBe('${ds}');
      for (const target of panel.targets ?? [])
        expect(target.datasource, panel.title).toEqual({ uid: '${ds}', type: 'weir-assurance-datasource' });
    }
    for (const { name, type, datasource } of board.templating.list)
      if (type === 'query' || type === 'adhoc') expect(datasource, name).toMatchObject({ uid: '${ds}' });
  });

  it('says in each panel what it shows, by which formula, in which unit, and when it is bad', () => {
    for (const panel of shown(board)) {
      expect(panel.title.length, panel.title).toBeGreaterThan(2);
      expect(panel.description?.length ?? 0, panel.title).toBeGreaterThan(30);
      expect((panel.targets ?? []).length, panel.title).toBeGreaterThan(0);
      const { unit, thresholds } = panel.fieldConfig!.defaults;
      const fromData = (panel.targets ?? []).every((target) => target.type !== 'sql' || target['units'] !== undefined);
      expect(unit !== undefined || fromData, `${panel.title} has no unit`).toBe(true);
      // Green with red from 80 on is the default of Grafana that nobody thought of.
      expect(thresholds?.steps.some(({ value }) => value === 80) ?? false, panel.title).toBe(false);
    }
    expect(new Set(shown(board).map(({ title }) => title)).size).toBe(shown(board).length);
  });

  it('lies on the grid without gaps of its rows and overlaps', () => {
    const taken = new Map<string, string>();
    for (const { gridPos, title, id } of board.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `${title} over`).toBeUndefined();
          taken.set(`${x},${y}`, title);
        }
      expect(
        board.panels.filter((other) => other.id === id),
        title,
      ).toHaveLength(1);
    }
    const bottom = Math.max(...board.panels.map(({ gridPos: { y, h } }) => y + h));
    expect(taken.size).toBe(24 * bottom);
  });

  it('asks for what there is: metrics, dimensions, lists, macros, variables', () => {
    const variables = new Set(board.templating.list.map(({ name }) => name));
    const targets = [
      ...shown(board).flatMap((panel) => panel.targets ?? []),
      ...board.annotations.list.flatMap(({ target }) => (target?.type ? [target] : [])),
    ];
    for (const target of targets) {
      const text = JSON.stringify(target);
      for (const [, name = ''] of text.matchAll(/\$\{?([a-z]\w*)/g)) expect([...variables, '__field', '__data'], text).toContain(name);
      for (const [name] of text.matchAll(/\$__\w+/g)) expect([...macroNames, '$__conditionalAll', '$__all'], text).toContain(name);
      if (target.type !== 'kpi') continue;
      const { metric, dimensions, filters } = target as unknown as { metric: string; dimensions: string[]; filters: { key: string }[] };
      if (!metric.startsWith('$')) expect([...kpiMetrics, ...kpis].map(({ name }) => name)).toContain(metric);
      for (const dimension of [...dimensions, ...filters.map(({ key }) => key)])
        if (!dimension.startsWith('$')) expect(usageDimensions).toContain(dimension);
    }
    for (const { type, query } of board.templating.list) {
      if (type === 'query') expect([...lists, ...usageDimensions]).toContain((query as { of: string }).of);
    }
  });

  it('leads on to boards that there are, with their variables', () => {
    const uids = new Map(json.map(({ uid, templating }) => [uid, templating.list.map(({ name }) => name)]));
    const links = [...JSON.stringify(board).matchAll(/\/d\/([\w-]+)\?([^"]*)"/g)];
    for (const [, uid = '', rest = ''] of links) {
      expect([...uids.keys()]).toContain(uid);
      expect(rest).toContain('${__url_time_range}');
      for (const [, name = ''] of rest.matchAll(/&var-(\w+)=/g)) expect(uids.get(uid), `${uid} has no variable ${name}`).toContain(name);
    }
  });
});

it('lead from what is wrong to the SQL that shows it', () => {
  const to = (uid: string): string[] => [
    ...new Set([...JSON.stringify(json.find((board) => board.uid === uid)).matchAll(/\/d\/([\w-]+)\?/g)].map(([, target = '']) => target)),
  ];
  expect(to('weir-command')).toEqual(expect.arrayContaining(['weir-incident', 'weir-control', 'weir-revenue', 'weir-kpi']));
  expect(to('weir-incident')).toContain('weir-control');
  const evidence = json.find(({ uid }) => uid === 'weir-incident')!.panels.find(({ title }) => title === 'Evidence');
  expect(evidence?.targets?.[0]).toMatchObject({ type: 'incidents', view: 'evidence', incident: '$incident' });
});
