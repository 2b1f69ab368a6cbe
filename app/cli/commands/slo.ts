/** `weir slo`: objectives, how much of their error budget is left, and the check of their files. */
import { WeirError } from '../../../core/errors.ts';
import { figureText, type Objective, percentText } from '../../../detectors/service/slo/index.ts';
import { kpiPort } from '../../slo/kpi-catalogue.ts';
import { type BurnPoint, burnHistory, leftText, listObjectives, objectiveNamed, type ShownObjective } from '../../slo/list.ts';
import { readObjectives, settingsObjectives } from '../../slo/read.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../options.ts';
import { bar, type Colour, colour, table, visible } from '../print.ts';

const dayMs = 86_400_000;

export const addSlo: AddCommand = (program, exit) => {
  const command = program
    .command('slo')
    .description('service level objectives: state and error budget, one in full, the check of their files');
  command
    .command('list', { isDefault: true })
    .description('all objectives, the least budget first; exit code 1 when one burns, is exhausted or has no data')
    .action(async (options: CommonOptions) => exit(await list(options)));
  command
    .command('show')
    .description('one objective: budget, burn rates, rules, history')
    .argument('<name>', 'name of the SLO')
    .option('--days <days>', 'days of history', '7')
    .action(async (name: string, options: CommonOptions & { days: string }) => {
      await show(name, options);
      exit(0);
    });
  command
    .command('check')
    .description('check OpenSLO files or folders: place, reason and hint of everything that is wrong; exit code 1 when anything is')
    .argument('[path...]', 'files or folders (default: slo.directory of the settings)')
    .action(async (paths: readonly string[], options: CommonOptions) => exit(await check(paths, options)));
};

const colours: Readonly<Record<string, Colour>> = { ok: 'green', burning: 'red', exhausted: 'red', no_data: 'yellow' };
const stateText = (state: string): string => (colours[state] ? colour(state, colours[state]) : state);

function configured({ store, settings }: OpenStore): readonly Objective[] {
  const { objectives, problems } = settingsObjectives(settings, kpiPort(store, settings.tenant));
  for (const { place, message } of problems) process.stderr.write(`${visible(`${place}: ${message}`)}\n`);
  return objectives;
}

async function list(options: CommonOptions): Promise<number> {
  return withStore(await workplace(options), async (place) => {
    const items = await listObjectives(place.store, place.settings.tenant, configured(place));
    if (options.json) process.stdout.write(`${JSON.stringify({ items })}\n`);
    else if (items.length === 0)
      process.stdout.write('No objectives. Name a folder with OpenSLO files in slo.directory: docs/objectives.md\n');
    else process.stdout.write(`${listText(items)}\n`);
    return items.some(({ state }) => state === 'burning' || state === 'exhausted' || state === 'no_data') ? 1 : 0;
  });
}

const shareText = (share: number | null): string => (share === null ? '–' : percentText(Math.round(share * 1e6) / 1e6));

/** The highest burn rate of all windows. */
const topBurn = (burn: Readonly<Record<string, number>>): string => {
  const rates = Object.entries(burn).sort(([, a], [, b]) => b - a);
  return rates[0] ? `${figureText(Math.round(rates[0][1] * 100) / 100)} (${rates[0][0]})` : '–';
};

function listText(items: readonly ShownObjective[]): string {
  const rows = items.map(({ slo, service, target, share, budget_left, burn, state, firing }) => [
    slo,
    service,
    shareText(target),
    shareText(share),
    leftText(budget_left),
    bar(budget_left ?? 0, 10),
    topBurn(burn),
    `${stateText(state)}${firing.length > 0 ? ` (${firing.join(', ')})` : ''}`,
  ]);
  const columns = [
    { title: 'SLO' },
    { title: 'SERVICE' },
    { title: 'OBJECTIVE', right: true },
    { title: 'GOOD', right: true },
    { title: 'BUDGET LEFT', right: true },
    { title: '' },
    { title: 'HIGHEST BURN', right: true },
    { title: 'STATE' },
  ];
  return table(columns, rows);
}

async function show(name: string, options: CommonOptions & { days: string }): Promise<void> {
  const days = Number(options.days);
  if (!(days > 0 && days <= 400)) throw new WeirError('usage', `--days ${options.days}: not a number of days`, { hint: '1 to 400' });
  await withStore(await workplace(options), async (place) => {
    const objective = objectiveNamed(configured(place), name);
    const { tenant } = place.settings;
    const [item] = await listObjectives(place.store, tenant, [objective]);
    const to = Date.parse(item!.judged_to ?? new Date().toISOString()) + 1;
    const history = await burnHistory(place.store, tenant, objective.identity, to - days * dayMs, to);
    process.stdout.write(options.json ? `${JSON.stringify({ ...item, history })}\n` : `${showText(item!, history)}\n`);
  });
}

const minute = (instant: string | null): string => (instant === null ? '–' : instant.slice(0, 16).replace('T', ' '));
const count = (value: number): string => figureText(Math.round(value * 100) / 100);

function showText(item: ShownObjective, history: readonly BurnPoint[]): string {
  const things = item.method === 'Timeslices' ? 'slices' : 'events';
  const facts = [
    ['state', `${stateText(item.state)}${item.firing.length > 0 ? `: ${item.firing.join(', ')}` : ''}`],
    ['objective', `${shareText(item.target)} of ${things}, ${item.method}`],
    [
      'window',
      `${minute(item.window.from)} to ${minute(item.window.to)} UTC${item.window.time_zone ? ` (calendar of ${item.window.time_zone})` : ''}`,
    ],
    ['counted to', `${minute(item.judged_to)} UTC, last data ${minute(item.last_data_at)}`],
    ['good', `${shareText(item.share)}: ${count(item.good)} of ${count(item.total)} ${things}`],
    ['budget', `${leftText(item.budget_left)} left: ${count(item.total - item.good)} bad of ${count(item.allowed)} allowed`],
    [
      'burn',
      Object.entries(item.burn)
        .map(([window, rate]) => `${window} ${count(rate)}`)
        .join(', ') || 'no data',
    ],
    ['file', item.file],
  ];
  const rules = item.rules.map(({ severity, name, text }) => [severity, name, text]);
  // Twenty lines say how it went.
  const step = Math.max(1, Math.ceil(history.length / 20));
  const points = history.filter((_, at) => (history.length - 1 - at) % step === 0);
  return [
    `${item.title} (${item.service})`,
    ...(item.description === '' ? [] : [item.description]),
    facts.map(([title, text]) => `  ${title!.padEnd(10)} ${text}`).join('\n'),
    table([{ title: 'SEVERITY' }, { title: 'RULE' }, { title: 'FIRES AT' }], rules),
    ...item.notes,
    ...(points.length === 0
      ? []
      : [
          table(
            [
              { title: 'AT (UTC)' },
              { title: 'BUDGET LEFT', right: true },
              { title: '' },
              { title: 'HIGHEST BURN', right: true },
              { title: 'STATE' },
            ],
            points.map(({ at, budget_left, burn, state }) => [
              minute(at),
              leftText(budget_left),
              bar(budget_left ?? 0, 20),
              topBurn(burn),
              stateText(state),
            ]),
          ),
        ]),
  ].join('\n\n');
}

async function check(paths: readonly string[], options: CommonOptions): Promise<number> {
  const { settings } = await workplace(options);
  const kpis = kpiPort({ rows: async () => [] }, settings.tenant);
  const places = paths.length > 0 ? paths : settings.slo.directory === '' ? [] : [settings.slo.directory];
  if (places.length === 0)
    throw new WeirError('usage', 'there is nothing to check', { hint: 'npx weir slo check FILE, or name a folder in slo.directory.' });
  const read = places.map((path) => readObjectives(path, settings, kpis));
  const problems = read.flatMap((each) => each.problems);
  const objectives = read.flatMap((each) => each.objectives);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: problems.length === 0, problems, objectives })}\n`);
  else {
    for (const { place, message, hint } of problems) process.stdout.write(`${visible(`${place}: ${message}`)}\n    ${visible(hint)}\n`);
    for (const { identity, notes } of objectives) for (const note of notes) process.stdout.write(`${visible(`${identity}: ${note}`)}\n`);
    const files = read.reduce((sum, each) => sum + each.files.length, 0);
    process.stdout.write(
      `${files} ${files === 1 ? 'file' : 'files'}, ${objectives.length} ${objectives.length === 1 ? 'objective' : 'objectives'}: ${
        problems.length === 0 ? colour('ok', 'green') : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
      }\n`,
    );
  }
  return problems.length === 0 ? 0 : 1;
}
