/** `weir controls`: every control and every detector over series with its state and last result, and what verdicts have done to its limits. */
import type { Definition } from '../../../core/definition.ts';
import { frameOf, settingsOf } from '../../../detectors/series/index.ts';
import { stepsText } from '../../../detectors/steps.ts';
import { type LearnedLimit, learnedLimits, learnedText } from '../../detect/learned.ts';
import { allControls } from '../../own/definitions.ts';
import { countsByDetector, readVerdicts } from '../../verdicts/counts.ts';
import type { AddCommand } from '../command.ts';
import { allDetectors, describeDetector, detectorJson, detectorLines, detectorTable } from '../detector-table.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, grouped, table } from '../print.ts';
import { type TestOptions, testControl } from './controls-test.ts';

interface ControlRow {
  control: string;
  state: string;
  cells: string;
  violations: string;
  money: string | null;
  currency: string;
  judged_at: string;
  note: string;
}

export const addControls: AddCommand = (program, exit) => {
  const command = program.command('controls').description('list controls and detectors, show one, test one of your own');
  command
    .command('show', { isDefault: true })
    .description('list every control and detector with its state and last result; with an id, its runbook and limits')
    .argument('[id]', 'e.g. S01, usage_volume, or a control of your own')
    .action(async (id: string | undefined, options: CommonOptions) =>
      exit(id === undefined ? await list(options) : await describe(id, options)),
    );
  command
    .command('test')
    .description('run a control of your own over a stretch of stored data and show what it would have said; nothing is written')
    .argument('<name>', 'its name under controls in weir.yaml')
    .requiredOption('--from <time>', 'first instant of event time, e.g. 2026-11-01 or 2026-11-01T06:00:00Z')
    .requiredOption('--to <time>', 'first instant after it')
    .addHelpText('after', '\nExit 0 when it would have said nothing, 1 when it would have, or failed.')
    .action(async (name: string, options: TestOptions) => exit(await testControl(name, options)));
};

async function list(options: CommonOptions): Promise<number> {
  return withStore(await workplace(options), async ({ store, settings }) => {
    const rows = new Map((await store.rows<ControlRow>('controls-latest', { tenant: settings.tenant })).map((row) => [row.control, row]));
    const verdicts = countsByDetector(await readVerdicts(store, settings.tenant));
    const all = allControls(settings).map((definition) => {
      const said = verdicts.get(definition.identity);
      const learned = learnedLimits(definition.limits, settings.controls[definition.identity]?.limits, said);
      return {
        definition,
        row: rows.get(definition.identity),
        enabled: settings.controls[definition.identity]?.enabled !== false,
        learned,
        learnedText: learnedText(learned, said),
      };
    });
    const detectors = await detectorLines(store, settings, verdicts, Date.now());
    if (options.json) {
      process.stdout.write(`${JSON.stringify([...all.map(jsonOf), ...detectors.map(detectorJson)])}\n`);
      return 0;
    }
    process.stdout.write(
      `${table(
        [
          { title: 'ID' },
          { title: 'CONTROL', width: 44 },
          { title: 'STATE' },
          { title: 'CELLS', right: true },
          { title: 'VIOLATIONS', right: true },
          { title: 'MONEY', right: true },
          { title: 'JUDGED (UTC)' },
          { title: 'NOTE', width: 60 },
        ],
        all.map(({ definition, row, enabled }) => [
          definition.identity,
          definition.title,
          stateText(enabled, row),
          row ? Number(row.cells) : '',
          row ? Number(row.violations) : '',
          row?.money && Number(row.money) > 0 ? `${grouped(Number(row.money).toFixed(2))} ${row.currency}` : '',
          row?.judged_at.slice(0, 16) ?? '',
          row ? row.note : `needs ${definition.needs.data}`,
        ]),
      )}\n`,
    );
    for (const { definition, learnedText: text } of all) if (text !== '') process.stdout.write(`\n${definition.identity} ${text}\n`);
    process.stdout.write(`\n${detectorTable(detectors)}`);
    return 0;
  });
}

function jsonOf(of: {
  readonly definition: Definition;
  readonly row: ControlRow | undefined;
  readonly enabled: boolean;
  readonly learned: readonly LearnedLimit[];
}): object {
  const { identity, title, trigger, needs } = of.definition;
  return { identity, title, trigger, needs: needs.data, enabled: of.enabled, learned: of.learned, last: of.row ?? null };
}

function stateText(enabled: boolean, row: ControlRow | undefined): string {
  if (!enabled) return colour('off', 'dim');
  if (!row) return colour('no data yet', 'dim');
  return row.state === 'violation'
    ? colour('violation', 'red')
    : row.state === 'ok'
      ? colour('ok', 'green')
      : colour(row.state.replace('_', ' '), 'dim');
}

async function describe(id: string, options: CommonOptions): Promise<number> {
  const { settings } = await workplace(options);
  const controls = allControls(settings);
  const definition = controls.find(({ identity }) => identity.toLowerCase() === id.toLowerCase());
  if (definition) return describeControl(definition, options);
  const detectors = allDetectors(settings);
  const detector = detectors.find(({ identity }) => identity.toLowerCase() === id.toLowerCase());
  if (!detector) {
    const known = [...controls, ...detectors].map(({ identity }) => identity);
    process.stderr.write(`weir: no control or detector ${id}\n  hint: known: ${known.join(', ')}\n`);
    return 2;
  }
  const { documentation } = frameOf(detector);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ identity: detector.identity, settings: settingsOf(detector), documentation })}\n`
      : describeDetector(detector),
  );
  return 0;
}

function describeControl(definition: Definition, options: CommonOptions): number {
  const { identity, title, documentation, limits, needs, trigger } = definition;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ identity, title, trigger, needs, limits, documentation })}\n`);
    return 0;
  }
  const section = (name: string, text: string): string => `\n${colour(name, 'bold')}\n${text}`;
  process.stdout.write(
    `${[
      colour(`${identity}  ${title}`, 'bold'),
      documentation.meaning,
      section('Needs', needs.data),
      section('Formula', documentation.formula),
      ...(documentation.money ? [section('Money', documentation.money)] : []),
      section('How to prove it', stepsText(documentation.proof)),
      section('How to recover', stepsText(documentation.recovery)),
      section(
        'Limits',
        table(
          [
            { title: 'NAME' },
            { title: 'DEFAULT', right: true },
            { title: 'UNIT' },
            { title: 'BOUNDS' },
            { title: 'LEARNS' },
            { title: 'WHAT' },
          ],
          limits.map((limit) => [
            limit.name,
            String(limit.default),
            limit.unit,
            `${limit.min} to ${limit.max}`,
            limit.learns ?? '',
            limit.description,
          ]),
        ),
      ),
    ].join('\n')}\n`,
  );
  return 0;
}
