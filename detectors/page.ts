/** The documentation of controls and detectors, made from their definitions. */
import type { Definition } from '../core/definition.ts';
import { stepsText } from './steps.ts';

const triggers: Readonly<Record<Definition['trigger'], string>> = {
  'batch-stored': 'at once, for the sources that brought something',
  minute: 'every minute',
  'window-close': 'when the watermark passes the end of a window',
  nightly: 'once a day, after midnight UTC',
};

function sectionOf(definition: Definition): string {
  const { identity, title, kind, metric, trigger, windowMs, needs, query, scope, limits, holdMs, documentation } = definition;
  const facts = [
    `- Finding: kind \`${kind}\`, metric \`${metric}\`, one per ${scope.map((name) => `\`${name}\``).join(', ')}${holdMs > 0 ? `; what was found counts for ${holdMs / 3_600_000} h` : ''}`,
    `- Judged ${triggers[trigger]}${windowMs > 0 ? ` (${windowMs / 60_000} minutes)` : ''}`,
    `- Needs ${needs.data}; tables ${needs.tables.map((name) => `\`${name}\``).join(', ')}; query \`sql/queries/${query}.sql\``,
  ];
  const table = ['| Limit | Default | Unit | Bounds | Learns | Meaning |', '|---|---|---|---|---|---|'].concat(
    limits.map(
      ({ name, default: value, unit, min, max, learns, description }) =>
        `| \`${name}\` | ${value} | ${unit} | ${min} to ${max} | ${learns ?? ''} | ${description} |`,
    ),
  );
  const texts = [
    ['What it means', documentation.meaning],
    ['Formula', documentation.formula],
    ['How to prove it', stepsText(documentation.proof)],
    ['How to recover', stepsText(documentation.recovery)],
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

This page is made from the definitions in \`detectors/\`; edit those. A limit is set in \`weir.yaml\` under \`controls: { S01: { limits: { … } } }\` and held within its bounds. A limit that learns is moved by people's verdicts (\`npx weir incidents verdict\`, or the page of an incident): many false alarms move it in the direction that its column says, many true findings in the other, at most to ten times its value (a tail probability: its square) and never beyond its bounds. What moved is shown by \`npx weir controls\` and stands in the note of each result.

The query of a definition may use these parameters: \`tenant\`, \`sources\` (Array(String)), \`leg\`, \`currency\`, \`instant\`, \`from\`, \`to\` (the window), \`since\` (look-back), \`changed_from\`, \`changed_to\` (ingest times of what was stored since the last look), \`window_seconds\`, \`watching_since\` (when detection began to look). It returns the columns that the definition names.`;
  return `${[head, ...definitions.map(sectionOf)].join('\n\n')}\n`;
}
