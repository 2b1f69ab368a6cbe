/** `weir kpis`: the KPI catalogue with how things stand, the figures of one KPI, and what causes mean. */
import { Option } from 'commander';
import { type CauseStatement, causesFor } from '../../../core/causes.ts';
import { WeirError } from '../../../core/errors.ts';
import { type KpiDefinition, type KpiStanding, type KpiValue, kpiStanding, kpis } from '../../../detectors/service/kpis/index.ts';
import { kpiText } from '../../../detectors/service/kpis/text.ts';
import { kpiAnswerJson, kpiJson } from '../../api/routes/kpis.ts';
import { knownKpi, kpiQuestion, kpiWindow } from '../../kpis/ask.ts';
import { everyKpi } from '../../kpis/every.ts';
import { type KpiAnswer, type KpiStore, readKpi } from '../../kpis/read.ts';
import type { AddCommand } from '../command.ts';
import { instantOf } from '../instant.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { type Colour, colour, table } from '../print.ts';

interface KpiOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly step: number;
  readonly by?: string;
  readonly leg?: string;
  readonly limit: number;
  readonly where: readonly string[];
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

export const addKpis: AddCommand = (program, exit) => {
  const command = program
    .command('kpis')
    .description('service KPIs: the catalogue and how things stand, the figures of one, what causes mean');
  const seconds = (text: string): number => wholeOf(text, '--step');
  command
    .command('show', { isDefault: true })
    .description('every KPI with its value; with a name, its figures by time and dimension')
    .argument('[name]', 'e.g. ner, pdd_p95, ont_online')
    .option('--from <time>', 'first instant of event time, e.g. 2026-11-20 or 2026-11-20T06:00:00Z (default: a day before --to)')
    .option('--to <time>', 'first instant after it (default: the end of the hour of the latest data)')
    .addOption(new Option('--step <seconds>', 'length of a step, whole minutes; 0 = the whole window').argParser(seconds).default(0))
    .option(
      '--by <dimensions>',
      'one or two dimensions, e.g. partner,route; without a name: all = what is poor by any dimension of any KPI',
    )
    .option('--leg <leg>', 'leg that it is read from (default: the best that has records)')
    .addOption(new Option('--limit <n>', 'most groups, the largest volume first').argParser((text) => wholeOf(text, '--limit')).default(20))
    .option(
      '--where <dimension=values>',
      'only certain values, e.g. partner=acme,other; at most two',
      (text, all: string[]) => [...all, text],
      [],
    )
    .addHelpText('after', '\nExit 1 when a KPI is poor.')
    .action(async (name: string | undefined, options: KpiOptions) =>
      exit(name === undefined ? await list(options) : await show(name, options)),
    );
  command
    .command('causes')
    .description('what Q.850 values, SIP codes and RADIUS terminate causes mean, as shipped and by the reference data')
    .option('--partner <partner>', 'as it holds for this partner')
    .action(async (options: CommonOptions & { readonly partner?: string }) => exit(await causes(options)));
};

function wholeOf(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new WeirError('usage', `${option} ${text} is not a whole number`);
  return Number(text);
}

async function windowOf(store: KpiStore, tenant: string, { from, to }: KpiOptions): Promise<{ from: number; to: number }> {
  const end = to === undefined ? await latestOf(store, tenant) : instantOf(to, '--to');
  return { from: from === undefined ? end - dayMs : instantOf(from, '--from'), to: end };
}

/** The end of the hour of the latest data: windows of whole hours are read from the rollup by hour. */
async function latestOf(store: KpiStore, tenant: string): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const [row] = await store.rows<{ readonly latest: number }>('kpi-latest', { tenant, now });
  const latest = Number(row?.latest ?? 0);
  return Math.ceil((latest > 0 ? latest * 1000 : now * 1000) / hourMs) * hourMs;
}

async function list(options: KpiOptions): Promise<number> {
  if (options.by === 'all') return poorOnes(options);
  if (options.by !== undefined || options.step > 0 || options.where.length > 0 || options.leg !== undefined)
    throw new WeirError('usage', '--by, --step, --leg and --where need the name of a KPI', { hint: 'E.g. npx weir kpis ner --by partner' });
  return withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const asked = await windowOf(store, tenant, options);
    const window = kpiWindow(asked);
    const figures = new Map((await everyKpi(store, tenant, window, 'none')).map((figure) => [figure.kpi.name, figure]));
    const lines = kpis.map((kpi) => {
      const { state, value, volume, events }: KpiValue = figures.get(kpi.name) ?? {
        state: 'no_data',
        value: null,
        volume: 0,
        events: null,
      };
      return { kpi, figure: { state, value, volume, events }, standing: kpiStanding(kpi, value) };
    });
    const poor = lines.some(({ standing }) => standing === 'poor');
    if (options.json) {
      const span = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() };
      process.stdout.write(
        `${JSON.stringify({ ...span, items: lines.map(({ kpi, figure, standing }) => ({ ...kpiJson(kpi), ...figure, standing })) })}\n`,
      );
      return Number(poor);
    }
    process.stdout.write(`${spanText(window)}\n\n`);
    const rows = lines.map(({ kpi, figure, standing }) => [
      kpi.name,
      kpi.title,
      shown(kpi, figure),
      standingText(standing),
      Math.round(figure.volume),
      kpi.volume,
    ]);
    process.stdout.write(
      `${table([{ title: 'NAME' }, { title: 'KPI' }, { title: 'VALUE', right: true }, { title: 'STANDS' }, { title: 'VOLUME', right: true }, { title: 'OF' }], rows)}\n`,
    );
    return Number(poor);
  });
}

/** Every KPI by every dimension: as text what is poor, with `--json` everything. */
async function poorOnes(options: KpiOptions): Promise<number> {
  if (options.step > 0 || options.where.length > 0 || options.leg !== undefined)
    throw new WeirError('usage', '--step, --leg and --where need the name of a KPI', { hint: 'E.g. npx weir kpis ner --by partner' });
  return withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const window = kpiWindow(await windowOf(store, tenant, options));
    const figures = (await everyKpi(store, tenant, window, 'all')).map((figure) => ({
      figure,
      standing: kpiStanding(figure.kpi, figure.value),
    }));
    const poor = figures.filter(({ standing }) => standing === 'poor').sort((one, other) => other.figure.volume - one.figure.volume);
    if (options.json) {
      const span = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() };
      const items = figures.map(({ figure: { kpi, ...figure }, standing }) => ({ kpi: kpi.name, ...figure, standing }));
      process.stdout.write(`${JSON.stringify({ ...span, items })}\n`);
      return Number(poor.length > 0);
    }
    const shownOnes = poor.slice(0, Math.max(1, options.limit));
    const rows = shownOnes.map(({ figure: { kpi, dimension, label, ...figure } }) => [
      kpi.name,
      dimension === '' ? 'all' : dimension,
      label || '-',
      shown(kpi, figure),
      Math.round(figure.volume),
      kpi.volume,
    ]);
    const columns = [
      { title: 'NAME' },
      { title: 'BY' },
      { title: '' },
      { title: 'VALUE', right: true },
      { title: 'VOLUME', right: true },
      { title: 'OF' },
    ];
    process.stdout.write(`${spanText(window)}: ${poor.length} of ${figures.length} figures are poor\n\n`);
    if (rows.length > 0) process.stdout.write(`${table(columns, rows)}\n`);
    if (poor.length > rows.length) process.stdout.write(`and ${poor.length - rows.length} more (--limit)\n`);
    return Number(poor.length > 0);
  });
}

async function show(name: string, options: KpiOptions): Promise<number> {
  const kpi = kpiOf(name);
  return withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const question = kpiQuestion({
      kpi,
      window: await windowOf(store, tenant, options),
      stepMs: options.step * 1000,
      by: options.by === undefined ? [] : options.by.split(','),
      leg: options.leg ?? '',
      only: Object.fromEntries(options.where.map(valuesOf)),
      limit: Math.max(1, options.limit),
    });
    const answer = await readKpi(store, tenant, question);
    process.stdout.write(options.json ? `${JSON.stringify(kpiAnswerJson(answer))}\n` : answerText(answer));
    return Number(answer.groups.some(({ total }) => kpiStanding(kpi, total.value) === 'poor'));
  });
}

/** A name that is not known is a mistake of the command line, not something that was not found. */
function kpiOf(name: string): KpiDefinition {
  try {
    return knownKpi(name);
  } catch (error) {
    if (error instanceof WeirError) throw new WeirError('usage', error.message, { hint: error.hint });
    throw error;
  }
}

function valuesOf(text: string): [string, string[]] {
  const at = text.indexOf('=');
  if (at <= 0) throw new WeirError('usage', `--where ${text} is not dimension=values`, { hint: 'E.g. --where partner=acme,other' });
  return [text.slice(0, at), text.slice(at + 1).split(',')];
}

function answerText({ question, legs, groups, more }: KpiAnswer): string {
  const { kpi, window, by, stepMs } = question;
  const labels = by.map((dimension) => ({ title: dimension.toUpperCase() }));
  const figure = (value: KpiValue) => [shown(kpi, value), standingText(kpiStanding(kpi, value.value)), Math.round(value.volume)];
  const columns = [{ title: 'VALUE', right: true }, { title: 'STANDS' }, { title: 'VOLUME', right: true }];
  const rows =
    stepMs === 0
      ? groups.map(({ labels: own, total }) => [...by.map((dimension) => own[dimension] || '-'), ...figure(total)])
      : groups.flatMap(({ labels: own, points }) =>
          points.map((point) => [...by.map((dimension) => own[dimension] || '-'), timeText(point.at), ...figure(point)]),
        );
  return [
    colour(`${kpi.name}  ${kpi.title}`, 'bold'),
    `${kpi.formula}`,
    `${spanText(window)}${legs.length > 0 ? `, leg ${legs.join(', ')}` : ''}; volume: ${kpi.volume}, from ${kpi.minimum} on`,
    '',
    rows.length === 0 ? 'no data' : table([...labels, ...(stepMs === 0 ? [] : [{ title: 'FROM' }]), ...columns], rows),
    ...(more > 0 ? [`and ${more} more (--limit)`] : []),
    '',
  ].join('\n');
}

const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const spanText = ({ from, to }: { readonly from: number; readonly to: number }): string => `${timeText(from)} to ${timeText(to)} UTC`;

const shown = (kpi: KpiDefinition, { state, value }: KpiValue): string =>
  value === null ? { ok: '', too_few: 'too few', no_data: 'no data' }[state] : kpiText(kpi, value);

const standings: Readonly<Record<KpiStanding, Colour>> = { good: 'green', fair: 'yellow', poor: 'red', unrated: 'dim' };
const standingText = (standing: KpiStanding): string => (standing === 'unrated' ? '' : colour(standing, standings[standing]));

async function causes(options: CommonOptions & { readonly partner?: string }): Promise<number> {
  return withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const statements = await store.rows<CauseStatement>('reference-causes', { tenant });
    const meanings = causesFor(statements, options.partner ?? '');
    const rows = meanings.map(({ scheme, value, name, causeClass, source }) => [scheme, value, name, causeClass, source]);
    process.stdout.write(
      options.json
        ? `${JSON.stringify(meanings.map(({ causeClass, ...meaning }) => ({ ...meaning, cause_class: causeClass })))}\n`
        : `${table([{ title: 'SCHEME' }, { title: 'VALUE', right: true }, { title: 'NAME' }, { title: 'CLASS' }, { title: 'SOURCE' }], rows)}\n`,
    );
    return 0;
  });
}
