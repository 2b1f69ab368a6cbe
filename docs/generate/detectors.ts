/** `docs/detectors.md`: metrics, dimensions, the detectors that ship, their settings, and how they behave. */
import { settingsYaml } from '../../app/cli/detector-table.ts';
import { Detector } from '../../core/settings/detectors.ts';
import { frameOf, metrics, type SeriesDefinition, seriesDefinitions } from '../../detectors/series/index.ts';
import { dimensionsOf } from '../../detectors/series/metrics.ts';
import { code, madeFrom, markdownTable } from './markdown.ts';

/** What the table of settings needs of a JSON schema. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

const signals = {
  count: 'events, added up',
  sum: 'amount, added up',
  ratio: 'successes of attempts',
  mean: 'amount over those that have it',
} as const;

function typeOf({ anyOf, type, items, minimum, maximum, properties, maxItems }: Schema): string {
  if (anyOf) return anyOf.map(({ const: value }) => code(String(value))).join(', ');
  if (type === 'array') return `list of ${items?.type === 'string' ? 'text' : 'values'}${maxItems ? `, at most ${maxItems}` : ''}`;
  if (type === 'object') return properties ? 'map' : 'map of dimension to list of values';
  const range = minimum === undefined ? '' : maximum === undefined ? `, at least ${minimum}` : `, ${minimum} to ${maximum}`;
  return `${{ boolean: 'true or false', string: 'text', integer: 'whole number' }[type ?? ''] ?? 'number'}${range}`;
}

/** Rows of the settings, maps walked. */
function settingRows(schema: Schema, at = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = `${at}${name}`;
    const row = [code(path), typeOf(child), child.description ?? ''];
    return child.properties ? [row, ...settingRows(child, `${path}.`)] : [row];
  });
}

function detectorSection(definition: SeriesDefinition): string {
  const { documentation, needs } = frameOf(definition);
  return [
    `### ${definition.identity}`,
    `${definition.title}. ${documentation.meaning} Needs ${needs.data}.`,
    `\`\`\`yaml\n${settingsYaml(definition).trim()}\n\`\`\``,
  ].join('\n\n');
}

const introduction = `A detector over series watches one metric, cut by up to three dimensions, bucket by bucket, and says when a series leaves what time of day, weekday and level
let expect. Every prefix of the dimensions is a series too: \`[leg, service, partner]\` makes one series of the leg, one of each service in it, one of each
partner in each service. How each series stands is on the page *Series* of the console, in \`GET /api/v1/series\` and in the view \`series_latest\`; \`npx weir controls\`
lists the detectors. What is checked against a hard rule instead: [controls](controls.md). The statistics behind it: [statistics](statistics.md); which
values explain a finding: [explanation](explanation.md).`;

const own = `The shipped detectors run without being named. A setting under the name of one changes that one; a new name is a detector of your own and needs \`metric\` and \`dimensions\`:

\`\`\`yaml
detectors:
  usage_volume: { effect: { relative: 0.3 } } # counts from 30 % on
  data_volume: { enabled: false }
  roaming_volume: # your own
    metric: usage_records
    dimensions: [leg, partner, zone]
    where: { service: [voice, sms] }
    direction: down
    bucketMinutes: 30
\`\`\``;

const behaviour: readonly (readonly [string, string])[] = [
  [
    'When something is a finding',
    `All of this has to hold: the probability of the bucket, if all were well, is below the limit that the budget allows at the present number of series and peers; the change is beyond the floor
(\`effect\`: relative and absolute together, a ratio in points alone; money and customers where they are known); it goes in the \`direction\` asked for; the series has \`historyDays\` of data; and that is so in
\`persistence.needed\` of the last \`persistence.among\` buckets. It clears after \`persistence.rearm\` quiet ones. The budget is a promise about quiet data: a detector with 2000 series and \`perDay: 0.5\`
makes a false alarm every second day at most, all series together.

Of a count all buckets since it became unusual are judged together too, with the error that the expectation itself may have: a tenth, and on a day that is like another one more, see calendars, with what the week differs by from one block of three
hours to the next and what the series has always scattered beyond chance. A surge of a count or sum counts where it brings the series above its mean over the day: more than
expected in an idle hour harms nobody, while a stop by night is a stop. What has dwindled to less than half of the floor, all buckets together, is over.

What another detector told at the same place for all of its time and has taken back is not told once more; nor is a series above it, such as a whole leg, of which places so told make at least half of the deviation.

What moves together is one finding: a parent that explains its children speaks for them, several children of one parent become a group, and the open series below are evidence.
The finding carries the smallest set of values that explains it and the changes just before it began.`,
  ],
  [
    'Common mode',
    `What most series of one level do at the same time is no single series' fault: a holiday nobody entered, a football match, a storm. The common movement of the peers is taken into what is expected of each, within bounds, so
that only what differs from the peers stands out. A fault that hits everything is seen one level higher, where the total is a series of its own.`,
  ],
  [
    'Calendars',
    `\`calendar\` names a calendar of the settings; \`home\` is there without being named and has the holidays of \`country\`. A holiday is judged like the weekday that it resembles, see
[calendars](configuration.md#calendars). It is a guess: what is expected is held to be off by a fifth at least, by three tenths of what the two days differ by, and by half where no such weekday was seen yet. Own days and rows of the reference kind \`calendar_day\` count too.`,
  ],
  [
    'Maintenance',
    `While a maintenance window or weekly work of a calendar fits the labels of a series (its dimensions and \`detector\`), the series is neither judged nor taught: the work neither alarms nor becomes the
new normal. Windows are entered with \`npx weir maintenance add\` or \`POST /api/v1/maintenance\`.`,
  ],
  [
    'How verdicts move limits',
    `A finding marked as false makes the limit of its own series stricter, and marks on many findings of a detector that of the whole detector: with 90 % certainty that more than 40 % of them were false, p must be up to 100
times smaller; with 90 % certainty that more than 60 % were true, it may be up to 10 times larger. The move is a function of all verdicts that stand: one taken back takes its effect back.
\`npx weir controls\` shows what has moved.`,
  ],
  [
    'Blindness',
    `A series that is small or restless cannot show a small drop. For each series Weir works out the smallest drop that lasts an hour and would be seen with 90 % certainty at the present limit, and never below the floor of the detector: 0.3
means that a loss of 30 % would be seen and one of 20 % perhaps not. *Blind* means that not even a full stop would be seen within an hour; the levels above it, or a longer time, may
show it. More history does not help a blind series; a coarser dimension, a longer bucket or a larger budget does. Where to see it: the console, \`visible_drop\` of \`GET /api/v1/series\`, and the metrics
\`weir_series_visible_drop\`, \`weir_series_blind\` and \`weir_series_smallest_visible_drop\` of the detect process.`,
  ],
  [
    'Late data',
    `A bucket is judged when its leg is complete up to its end (the watermark). If it grows afterwards, by more than 5 % and more than three deviations of chance, every detector of that leg goes back to the last snapshot before it and learns the
time since again, so that the profile is as if the data had come in time. On the way it says nothing; back where it was, it says how things stand now: a finding that late data has explained is cleared.`,
  ],
  [
    'Restart',
    `What has been learned is kept in ClickHouse (\`series_snapshots\`) every four hours of event time and when Weir stops; a restart goes on from there and reads the rest again. A series that brings nothing for 35 days is
forgotten, and begins anew when it comes back. On a first start up to 60 days of history are learned; what is older than a day teaches and is not told.`,
  ],
];

const badInput: readonly (readonly [string, string])[] = [
  ['a bucket without rows of a series', 'a count or sum is 0 there; a ratio or mean is a gap and neither judged nor learned'],
  ['a ratio or mean over fewer than 50 attempts or carriers', 'a gap'],
  ['a bucket that is missing for a whole leg', 'a gap for all its series; missing files and records are found by controls S01 to S04'],
  [
    'data gone while a control says that records are missing',
    'where a node fell as a whole the control speaks and the series does not: its records are lost, not its traffic',
  ],
  ['constant series, all zeros', 'expected as they are; all zeros expects nothing and is never low'],
  ['one value a thousand times too large', 'one marked bucket; the level does not follow it'],
  ['a change of unit by 1000', 'a finding, then the new level is learned'],
  ['a new value of a dimension', 'a new series that learns `historyDays` first; the levels above it are judged as ever'],
  ['NaN, infinities, negative counts', 'cannot arise from accepted records; a score is always a finite number'],
  [
    'a metric, dimension, calendar or statistic that does not exist or does not fit',
    '`npx weir check` names file, line and what there is; nothing starts',
  ],
];

export function detectorsPage(): string {
  const { definitions } = seriesDefinitions({});
  return `${[
    '# Detectors over series',
    madeFrom('`detectors/series/` and `core/settings/detectors.ts`'),
    introduction,
    '## Your own, and changes to those that ship',
    own,
    '## Settings',
    'Entries of `detectors`, by name. What is left out is as shipped, see below, or as in `usage_volume`.',
    markdownTable(['Setting', 'Type', 'Meaning'], settingRows(Detector as unknown as Schema)),
    '## Metrics',
    markdownTable(
      ['Metric', 'Table', 'Kind', 'Unit', 'What it is'],
      metrics.map(({ name, table, signal, unit, description }) => [
        code(name),
        code(table),
        `${signal}: ${signals[signal]}`,
        unit || 'of the gauge',
        description,
      ]),
    ),
    '## Dimensions',
    markdownTable(
      ['Table', 'Dimensions'],
      Object.entries(dimensionsOf).map(([table, dimensions]) => [code(table), dimensions.map(code).join(', ')]),
    ),
    'Dimensions of `usage` begin with `leg`, because usage is complete leg by leg. A dimension that customers or persons can be told by (`device`, `actor`) is never a label of a Prometheus metric; such series are named by their key there.',
    '## The detectors that ship',
    'Each with everything that holds for it.',
    ...definitions.map(detectorSection),
    ...behaviour.flatMap(([title, text]) => [`## ${title}`, text]),
    '## Bad input',
    markdownTable(['What comes', 'What happens'], badInput),
  ].join('\n\n')}\n`;
}
