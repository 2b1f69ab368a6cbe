/** The documentation of controls and detectors, made from their definitions. */
import type { Definition } from '../core/definition.ts';
import { runbookOf } from './runbooks/index.ts';
import { stepsText } from './steps.ts';

const triggers: Readonly<Record<Definition['trigger'], string>> = {
  'batch-stored': 'at once, for the sources that brought something',
  minute: 'every minute',
  'window-close': 'when the watermark passes the end of a window',
  nightly: 'once a day, after midnight UTC',
};

function sectionOf(definition: Definition): string {
  const {
    identity,
    title,
    kind,
    rater,
    metric,
    trigger,
    windowMs,
    needs,
    query,
    scope,
    limits,
    holdMs,
    calmMs = 0,
    documentation,
  } = definition;
  const facts = [
    `- Finding: kind \`${kind}\`, metric \`${metric}\`, RATER ${rater}, one per ${scope.map((name) => `\`${name}\``).join(', ')}${holdMs > 0 ? `; what was found counts for ${holdMs / 3_600_000} h` : ''}${calmMs > 0 ? `; it clears when all was well for ${calmMs / 3_600_000} h` : ''}`,
    `- Judged ${triggers[trigger]}${windowMs > 0 ? ` (${windowMs / 60_000} minutes)` : ''}`,
    `- Needs ${needs.data}${needs.legs.length > 0 ? ` (legs ${needs.legs.map((leg) => `\`${leg}\``).join(', ')})` : ''}; tables ${needs.tables.map((name) => `\`${name}\``).join(', ')}; query \`sql/queries/${query}.sql\``,
  ];
  const table = ['| Limit | Default | Unit | Bounds | Learns | Meaning |', '|---|---|---|---|---|---|'].concat(
    limits.map(
      ({ name, default: value, unit, min, max, learns, description }) =>
        `| \`${name}\` | ${value} | ${unit} | ${min} to ${max} | ${learns ?? ''} | ${description} |`,
    ),
  );
  const runbook = runbookOf(identity);
  const money = runbook?.money ?? documentation.money;
  const texts = [
    ['What it means', documentation.meaning],
    ['Formula', documentation.formula],
    ...(money ? [['Money', money]] : []),
    ['How to prove it', stepsText(documentation.proof, runbook?.prove)],
    ['How to recover', stepsText(documentation.recovery, runbook?.recover)],
    ...(runbook?.sources ? [['Sources', `${runbook.sources.join('; ')}.`]] : []),
  ].map(([name, text]) => `**${name}.** ${text}`);
  return [`## ${identity} ${title}`, facts.join('\n'), texts.join('\n\n'), limits.length > 0 ? table.join('\n') : '']
    .filter(Boolean)
    .join('\n\n');
}

/**
 * `docs/controls.md`: what every definition means, computes, needs and can be set to.
 * @example controlsPage([]).startsWith('# Controls and detectors') // true
 */
export function controlsPage(definitions: readonly Definition[]): string {
  const head = `# Controls and detectors

This page is made from the definitions in \`detectors/\`; edit those. A limit is set in \`weir.yaml\` under \`controls: { S01: { limits: { … } } }\` and held within its bounds. A limit that learns is moved by people's verdicts (\`npx weir incidents verdict\`, or the page of an incident): many false alarms move it in the direction that its column says, many true findings in the other, at most to ten times its value (a tail probability: its square) and never beyond its bounds. The settings may draw the bounds of learning closer, \`learnWithin: { rate: [0.002, 0.02] }\`, or forbid it by the same number twice. What moved is shown by \`npx weir controls\` and stands in the note of each result.

Amounts are of one class: *leakage* is lost and says until when it can be billed (\`money.backBillDays\`), *over_charge* is owed back, *risk* may become either. A range is stated where the amount is an estimate. Without an amount the finding says why. Steps name examples: put your own source, node, day and incident in their place. Controls of your own: [how to](how-to/write-your-own-control.md).

The query of a definition may use these parameters: \`tenant\`, \`sources\` (Array(String)), \`leg\`, \`currency\`, \`time_zone\` (of the operator), \`instant\`, \`from\`, \`to\` (the window), \`since\` (look-back), \`changed_from\`, \`changed_to\` (ingest times of what was stored since the last look), \`window_seconds\`, \`watching_since\` (when detection began to look), \`status_metrics\`, \`power_metrics\`, \`uptime_metrics\` (of \`service\`). It returns the columns that the definition names.`;
  return `${[head, ...definitions.map(sectionOf)].join('\n\n')}\n`;
}
