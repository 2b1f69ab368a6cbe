/** `weir controls test`: a control of one's own over any stretch of stored data, and what it would have said. */
import { WeirError } from '../../../core/errors.ts';
import type { Settings } from '../../../core/settings/index.ts';
import { ownControls } from '../../../detectors/own/index.ts';
import { analyst } from '../../../sql/analyst.ts';
import { mostTrialWindows, type Trial, trialWindows, tryControl } from '../../own/trial.ts';
import { countsByDetector, readVerdicts } from '../../verdicts/counts.ts';
import { instantOf } from '../instant.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, grouped, progressLine, table } from '../print.ts';

export interface TestOptions extends CommonOptions {
  readonly from: string;
  readonly to: string;
}

/** Most rows that are printed; all of them are in `--json`. */
const mostShown = 50;

function definitionOf(name: string, { controls }: Settings) {
  const own = ownControls(controls);
  const definition = own.find(({ identity }) => identity === name);
  if (definition) return definition;
  throw new WeirError('usage', `there is no control of your own called ${name}`, {
    place: `controls.${name}`,
    hint:
      own.length > 0
        ? `There are: ${own.map(({ identity }) => identity).join(', ')}. What ships is replayed with npx weir backtest --only ID.`
        : 'Write one under controls in weir.yaml, with sql or sqlFile. What ships is replayed with npx weir backtest --only ID.',
  });
}

/** Exit code 0: it would have said nothing. 1: it would, or it failed. */
export async function testControl(name: string, options: TestOptions): Promise<number> {
  const from = instantOf(options.from, '--from');
  const to = instantOf(options.to, '--to');
  if (to <= from) throw new WeirError('usage', '--to must be after --from');
  const place = await workplace(options);
  const definition = definitionOf(name, place.settings);
  const windows = trialWindows(definition, from, to);
  if (windows.length === 0)
    throw new WeirError('usage', 'no whole window of the control lies between --from and --to', {
      hint: definition.windowMs > 0 ? `Its windows are ${definition.windowMs / 60_000} minutes long.` : 'It judges whole days, UTC.',
    });
  if (windows.length > mostTrialWindows)
    throw new WeirError('usage', `${windows.length} windows are more than ${mostTrialWindows}`, { hint: 'Take a shorter stretch.' });
  const progress = progressLine(options.json === true);
  return withStore(place, async ({ store, settings, clickhouse }) => {
    const asked = analyst(clickhouse.analyst);
    try {
      const trial = await tryControl({
        definition,
        store,
        settings,
        from,
        to,
        ask: asked.ask,
        verdicts: countsByDetector(await readVerdicts(store, settings.tenant)).get(name),
        onProgress: (done, all) => progress.show(`${done} of ${all} windows`),
      });
      progress.end();
      process.stdout.write(options.json ? `${JSON.stringify({ control: name, ...trial })}\n` : `${textOf(trial, settings.currency)}\n`);
      return trial.failed || trial.findings.length > 0 ? 1 : 0;
    } finally {
      await asked.close();
    }
  });
}

const time = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');

function textOf(trial: Trial, currency: string): string {
  const rows = trial.runs.flatMap(({ judgements }) => judgements);
  const shown = [...rows].sort((a, b) => Number(b.state === 'violation') - Number(a.state === 'violation')).slice(0, mostShown);
  const judged = table(
    [
      { title: 'WINDOW (UTC)' },
      { title: 'STATE' },
      { title: 'PLACE', width: 40 },
      { title: 'OBSERVED', right: true },
      { title: 'EXPECTED', right: true },
      { title: 'MONEY', right: true },
      { title: 'CLASS' },
      { title: 'NOTE', width: 60 },
    ],
    shown.map(({ window, state, cell, observed, expected, money, note, summary }) => [
      time(window.from),
      state === 'violation' ? colour(state, 'red') : state.replace('_', ' '),
      Object.entries(cell)
        .filter(([label]) => label !== 'window')
        .map(([label, value]) => `${label}=${value}`)
        .join(' '),
      String(observed),
      String(expected),
      money ? `${grouped(money.amount)} ${money.currency || currency}` : '',
      money?.class ?? '',
      note || (state === 'violation' ? '' : summary === 'The query gave no rows.' ? summary : ''),
    ]),
  );
  const violations = rows.filter(({ state }) => state === 'violation').length;
  const opened = trial.findings.filter(
    ({ state, finding_key }, at) =>
      state === 'firing' && trial.findings.slice(0, at).findLast((each) => each.finding_key === finding_key)?.state !== 'firing',
  );
  const last = new Map(trial.findings.filter(({ state }) => state === 'firing').map((finding) => [finding.finding_key, finding]));
  const lines = [
    `${trial.runs.length} windows, ${rows.length} rows judged, ${violations} violations; ${opened.length} findings would have begun, ${trial.firing.length} stand at the end.`,
    ...(trial.completeTo !== undefined
      ? [`Its legs are complete up to ${time(trial.completeTo)} UTC; live, a later window would wait.`]
      : []),
    judged,
    rows.length > shown.length ? `… and ${rows.length - shown.length} more rows; all of them: --json` : '',
  ];
  const said = [...last.values()].map(
    (finding) =>
      `\n${colour(finding.title, 'bold')}\n${finding.summary}\n${finding.money ? `${finding.money.amount} ${finding.money.currency} ${finding.money.class}: ${finding.money.method}\n` : ''}See it again:\n  ${finding.evidence.sql.trim().replaceAll('\n', '\n  ')}`,
  );
  const failed = trial.failed ? `\n${colour('Failed', 'red')} at ${time(trial.failed.window.from)} UTC: ${trial.failed.error}` : '';
  return [...lines, ...said.slice(0, 5), said.length > 5 ? `\n… and ${said.length - 5} more findings` : '', failed]
    .filter(Boolean)
    .join('\n');
}
