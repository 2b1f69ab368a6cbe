/** `weir controls`: every control and every detector over series with its state and last result, and what verdicts have done to its limits. */
import type { Definition } from '../../../core/definition.ts';
import { runbookOf } from '../../../detectors/runbooks/index.ts';
import { frameOf, settingsOf } from '../../../detectors/series/index.ts';
import { stepsText } from '../../../detectors/steps.ts';
import { allControls } from '../../own/definitions.ts';
import { countsByDetector, readVerdicts } from '../../verdicts/counts.ts';
import type { AddCommand } from '../command.ts';
import { controlJson, controlLines, controlTable } from '../control-table.ts';
import { allDetectors, describeDetector, detectorJson, detectorLines, detectorTable } from '../detector-table.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, table } from '../print.ts';
import { type TestOptions, testControl } from './controls-test.ts';

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
    const verdicts = countsByDetector(await readVerdicts(store, settings.tenant));
    const now = Date.now();
    const lines = await controlLines(store, settings, verdicts, now);
    const detectors = await detectorLines(store, settings, verdicts, now);
    if (options.json) {
      process.stdout.write(`${JSON.stringify([...lines.map(controlJson), ...detectors.map(detectorJson)])}\n`);
      return 0;
    }
    process.stdout.write(`${controlTable(lines)}\n`);
    for (const { definition, learnedText } of lines)
      if (learnedText !== '') process.stdout.write(`\n${definition.identity} ${learnedText}\n`);
    process.stdout.write(`\n${detectorTable(detectors)}`);
    return 0;
  });
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
  const runbook = runbookOf(identity);
  const money = runbook?.money ?? documentation.money;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ identity, title, trigger, needs, limits, documentation, runbook: runbook ?? null })}\n`);
    return 0;
  }
  const section = (name: string, text: string): string => `\n${colour(name, 'bold')}\n${text}`;
  process.stdout.write(
    `${[
      colour(`${identity}  ${title}`, 'bold'),
      documentation.meaning,
      section('Needs', needs.data),
      section('Formula', documentation.formula),
      ...(money ? [section('Money', money)] : []),
      section('How to prove it', stepsText(documentation.proof, runbook?.prove)),
      section('How to recover', stepsText(documentation.recovery, runbook?.recover)),
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
