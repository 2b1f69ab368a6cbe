/** Runs everything that a board asks through the plugin: its variables, its annotations, its panels. */
import type { GrafanaAnswer, LoadedPlugin } from './plugin.ts';

export interface BoardTarget extends Readonly<Record<string, unknown>> {
  readonly refId: string;
  readonly type: string;
}

export interface BoardPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly BoardTarget[];
  readonly gridPos: { readonly h: number; readonly w: number };
  readonly options?: { readonly reduceOptions?: { readonly fields?: string } };
  readonly fieldConfig?: object;
}

export interface BoardJson {
  readonly uid: string;
  readonly title: string;
  readonly time: { readonly from: string };
  readonly panels: readonly BoardPanel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query?: unknown;
      readonly current?: { readonly value?: string };
    }[];
  };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target?: BoardTarget }[] };
}

/** What one question of a board gave. */
export interface Asked {
  readonly kind: 'variable' | 'annotation' | 'panel';
  readonly name: string;
  readonly panel?: BoardPanel;
  readonly answer: GrafanaAnswer;
  /** How long it took, ms. */
  readonly tookMs: number;
  /** What it cost by the meter, ms; 0 without one. */
  readonly cpuMs: number;
}

export interface RunOptions {
  /** Panels all at once; otherwise one after the other. */
  readonly atOnce?: boolean;
  /** Processor time that was used so far, ms. */
  readonly cpuMs?: () => number;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The first instant of a board's range. @example rangeFrom('now-6h', 21_600_000) // 0 */
export function rangeFrom(from: string, now: number): number {
  const [, count = '0', unit = 'h'] = /^now-(\d+)([mhd])$/.exec(from) ?? [];
  return now - Number(count) * units[unit]!;
}

/** Variables first, as Grafana does; panels one after the other or all at once. */
export async function runBoard(
  plugin: LoadedPlugin,
  board: BoardJson,
  now: number,
  { atOnce = false, cpuMs = () => 0 }: RunOptions = {},
): Promise<Asked[]> {
  const { datasource, variables } = plugin;
  const from = rangeFrom(board.time.from, now);
  const request = (targets: readonly BoardTarget[], widthPixels = 800): object => ({
    targets,
    range: { from: { valueOf: () => from }, to: { valueOf: () => now } },
    intervalMs: Math.max(1000, (now - from) / widthPixels),
    maxDataPoints: widthPixels,
    scopedVars: {},
    filters: [],
  });
  const timed = async (kind: Asked['kind'], name: string, targets: readonly BoardTarget[], panel?: BoardPanel): Promise<Asked> => {
    const [begun, used] = [performance.now(), cpuMs()];
    const answer = await datasource.query(request(targets, panel ? panel.gridPos.w * 60 : 800));
    return { kind, name, answer, tookMs: performance.now() - begun, cpuMs: cpuMs() - used, ...(panel ? { panel } : {}) };
  };
  const asked: Asked[] = [];
  variables.clear();
  for (const { name, type, query, current } of board.templating.list) {
    if (type === 'query') {
      const one = await timed('variable', name, [query as BoardTarget]);
      asked.push(one);
      const values = one.answer.data[0]?.fields.find((field) => field.name === 'value')?.values ?? [];
      variables.set(name, current?.value ?? String(values[0] ?? ''));
    } else if (type === 'custom') variables.set(name, current?.value ?? '');
  }
  for (const { name, target } of board.annotations.list)
    if (target?.type && name === 'Incidents') asked.push(await timed('annotation', name, [target]));
  const panels = board.panels.filter(({ targets }) => (targets ?? []).length > 0);
  if (atOnce) asked.push(...(await Promise.all(panels.map((panel) => timed('panel', panel.title, panel.targets!, panel)))));
  else for (const panel of panels) asked.push(await timed('panel', panel.title, panel.targets!, panel));
  return asked;
}
