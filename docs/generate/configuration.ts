/** `docs/configuration.md`: every setting, from the schema that also checks it. */
import { settingVariables } from '../../app/settings/load.ts';
import { Settings } from '../../core/settings/index.ts';
import { code, madeFrom, markdownTable } from './markdown.ts';

/** What this page needs of a JSON schema. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
}

const settings = Settings as unknown as Schema;
const variables = new Map(settingVariables().map(({ path, variable }) => [path.join('.'), variable]));

const units: readonly (readonly [RegExp, string])[] = [
  [/Seconds$/, 's'],
  [/Minutes$/, 'min'],
  [/Days$/, 'd'],
  [/Bytes$/, 'bytes'],
];

/** The unit that the name of a setting carries: `quietSeconds` is in seconds. */
const unitOf = (name: string): string => units.find(([ending]) => ending.test(name))?.[1] ?? '';

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.description?.startsWith('Column name, column number')) return 'field';
  if (schema.anyOf?.some(({ properties }) => properties?.['from'] && !properties['to'])) return 'operand';
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return Array.isArray(schema.items) ? 'list of two' : `list of ${typeOf(schema.items as Schema)}`;
  if (schema.patternProperties) return `map of name to ${typeOf(Object.values(schema.patternProperties)[0] as Schema)}`;
  if (schema.type === 'object') {
    const keys = Object.keys(schema.properties ?? {});
    return keys.length > 0 && keys.length <= 3 ? `{ ${keys.join(', ')} }` : 'map';
  }
  const { minimum: least, maximum: most } = schema;
  const range =
    least === undefined
      ? most === undefined
        ? ''
        : `, at most ${most}`
      : most === undefined
        ? `, at least ${least}`
        : `, ${least} to ${most}`;
  return `${{ integer: 'whole number', string: 'text', boolean: 'true or false' }[schema.type ?? ''] ?? 'number'}${range}`;
}

function defaultOf(schema: Schema, needed: boolean): string {
  if (schema.default === undefined) return needed ? 'required' : '';
  const text = JSON.stringify(schema.default);
  return text === '""' ? 'empty' : code(text);
}

/** One row per setting; maps within are walked, what has a section of its own is left to it. `named` = an entry that the environment cannot reach. */
function rowsOf(schema: Schema, at: string, named: boolean): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = at === '' ? name : `${at}.${name}`;
    if (named && name === 'mapping') return [['`mapping`', 'map', '', '', '', 'How fields become columns: [below](#mapping).']];
    if (child.properties && at === '' && sections[name] !== undefined) return [];
    if (child.properties && at !== 'mapping') return rowsOf(child, path, named);
    const variable = named ? undefined : variables.get(path);
    return [
      [
        code(path),
        typeOf(child),
        defaultOf(child, schema.required?.includes(name) === true),
        unitOf(name),
        variable === undefined ? '' : code(variable),
        meaningOf(name, child),
      ],
    ];
  });
}

const meaningOf = (name: string, schema: Schema): string => schema.description ?? meanings[name] ?? '';

/** Settings whose meaning the schema leaves to their name. */
const meanings: Readonly<Record<string, string>> = {
  type: 'What kind of source it is',
  format: 'What the file is made of; JSON: objects, one per line or in an array',
  encoding: 'Encoding of text; default utf-8',
  headerRecord:
    'Records at the beginning that are about the file: `prefix` with which they begin or number of `rows`, and the column number in which `sequence`, `records`, `seconds`, `octets`, `charge`, `lost`, `closureReason`, `earliest`, `latest` stand',
  trailerRecord: 'The record at the end that is about the file, as for `headerRecord`: `prefix`, and where the totals stand',
  unitFrom: 'Field that states the unit, row by row',
  gigawords: 'Field that counts how often a 32-bit volume wrapped',
  otherwise: 'Value for a text that `values` does not list; behind `when`, what else is used',
  constant: 'The same value in every record',
  fileName: 'A named part of the file name',
  join: 'Operands put together as one text',
  first: 'The first operand that is not empty',
  difference: 'First operand less the second, both times or both numbers',
  when: 'A condition',
  use: 'What is used where the condition holds',
};

/** Parts of the schema with a section of their own, and what stands above it. */
const sections: Readonly<Record<string, string>> = {
  clickhouse: 'ClickHouse',
  http: 'HTTP',
  kafka: 'Kafka',
  ingest: 'Taking records in',
  money: 'Money',
  incidents: 'Incidents',
  service: 'Service assurance',
  slo: 'Objectives',
  sla: 'Agreements with partners',
  experience: 'Customer-experience index',
  lifeCycle: 'Life-cycle assurance',
  status: 'Status feed',
  pseudonyms: 'Pseudonyms',
  retention: 'Retention',
  reconciliation: 'Reconciliation',
};

const titles = ['Setting', 'Type', 'Default', 'Unit', 'Environment', 'Meaning'];

/** A table; columns that are empty in every row are left out. */
function settingsTable(rows: readonly (readonly string[])[]): string {
  const used = titles.map((_, at) => at < 3 || at === 5 || rows.some((row) => row[at] !== ''));
  const keep = <T>(cells: readonly T[]) => cells.filter((_, at) => used[at]);
  return markdownTable(keep(titles), rows.map(keep));
}

function section(title: string, schema: Schema, at: string, introduction = ''): string {
  const rows = rowsOf(schema, at, introduction !== '');
  return [`## ${title}`, introduction || schema.description || '', settingsTable(rows)].filter(Boolean).join('\n\n');
}

const childOf = (schema: Schema, name: string): Schema => schema.properties?.[name] as Schema;
const entryOf = (schema: Schema): Schema => Object.values(schema.patternProperties ?? {})[0] as Schema;
const itemOf = (schema: Schema): Schema => schema.items as Schema;

/** The keys of a column of a mapping: of all its shapes, each once. */
function columnRows(shapes: readonly Schema[]): string[][] {
  const keys = new Map(shapes.flatMap((shape) => Object.entries(shape.properties ?? {})).reverse());
  return [...keys].reverse().map(([name, schema]) => [code(name), typeOf(schema), meanings[name] ?? meaningOf(name, schema)]);
}

export function configurationPage(): string {
  const sources = entryOf(childOf(settings, 'sources')).anyOf ?? [];
  const named = (title: string) => sources.find((shape) => shape.title === title) as Schema;
  const mapping = childOf(named('file'), 'mapping');
  const calendar = entryOf(childOf(settings, 'calendars'));
  const targets = entryOf(childOf(settings, 'targets')).anyOf ?? [];
  const column = entryOf(childOf(mapping, 'columns')).anyOf ?? [];
  const top: Schema = {
    ...settings,
    properties: Object.fromEntries(Object.entries(settings.properties ?? {}).filter(([name]) => sections[name] === undefined)),
  };
  return `${[
    '# Configuration',
    madeFrom('`core/settings/`'),
    `Weir reads one file, \`weir.yaml\`, in the folder where it is started, or the file given with \`--config\`. Without one it runs the demo. Every setting has a default
but those marked required; a file may hold one line. \`npx weir check\` names file, line, key and a hint for everything that is wrong, before anything starts;
\`npx weir config\` prints what takes effect, \`npx weir config --defaults\` the defaults. An example: [examples/mvno/weir.yaml](../examples/mvno/weir.yaml).

A setting with a variable in the column Environment can be set there too; the environment wins over the file. Secrets belong in files (\`…File\`), mode 0600. Not settings, but read from the environment: \`WEIR_DATA\`, the data directory, and \`NO_COLOR\`.`,
    `## General\n\n${settingsTable(rowsOf(top, '', false))}`,
    ...Object.entries(sections).map(([name, title]) => section(title, childOf(settings, name), name)),
    section('Tokens', itemOf(childOf(childOf(settings, 'http'), 'tokens')), '', 'Entries of `http.tokens`.'),
    section(
      'Sources: file',
      named('file'),
      '',
      'Entries of `sources` with `type: file`. How a file is read is said by `format` or by `mapping`, by one of them. Formats: [formats](formats.md).',
    ),
    section('Sources: http', named('http'), '', 'Entries of `sources` with `type: http`: the records are posted to `/api/v1/ingest/NAME`.'),
    section(
      'Sources: kafka',
      named('kafka'),
      '',
      'Entries of `sources` with `type: kafka`: one record or many in each message of a topic.',
    ),
    section('Sources: sftp', named('sftp'), '', 'Entries of `sources` with `type: sftp`: [sources](sources.md#sftp).'),
    section('Servers', itemOf(childOf(named('sftp'), 'servers')), '', 'Entries of `servers` of a source with `type: sftp`.'),
    section('Sources: s3', named('s3'), '', 'Entries of `sources` with `type: s3`: [sources](sources.md#s3-compatible-storage).'),
    section('Sources: sql', named('sql'), '', 'Entries of `sources` with `type: sql`: [sources](sources.md#sql).'),
    section(
      'Mapping',
      mapping,
      'mapping',
      'How fields become columns. The columns of each kind: [data model](data-model.md). An example: [formats](formats.md#a-mapping).',
    ),
    `## Columns of a mapping\n\nA column is a field (name, number from 1, or JSON path), or a map of these keys. An operand is a field, a map of \`from\` and conversions, a literal \`{ text: … }\`, or \`{ fileName: … }\`. A condition is a map of \`from\` and one of \`equals\`, \`startsWith\`, \`empty\`, turned round by \`not\`.\n\n${markdownTable(
      ['Key', 'Type', 'Meaning'],
      columnRows(column),
    )}`,
    section(
      'KPIs of the experience index',
      entryOf(childOf(childOf(settings, 'experience'), 'kpis')),
      '',
      'Entries of `experience.kpis` by name of the KPI: [experience index](experience.md).',
    ),
    section(
      'Calendars',
      calendar,
      '',
      'Entries of `calendars`, by name. `home` is there without being named: the holidays of `country`. Times are those of `timeZone`.',
    ),
    section('Days of a calendar', itemOf(childOf(calendar, 'days')), '', 'Entries of `days`.'),
    section(
      'Weekly maintenance',
      itemOf(childOf(calendar, 'maintenance')),
      '',
      'Entries of `maintenance`. Windows for once: `npx weir maintenance`.',
    ),
    section(
      'Inbound',
      entryOf(childOf(settings, 'inbound')),
      '',
      'Entries of `inbound`, by name: systems that tell how tickets stand, [inbound](inbound.md).',
    ),
    section(
      'Status lists',
      entryOf(childOf(childOf(settings, 'status'), 'lists')),
      '',
      'Entries of `status.lists`, by name: [who gets status updates by e-mail](people-and-incidents.md#status-updates).',
    ),
    section(
      'Teams',
      entryOf(childOf(childOf(settings, 'incidents'), 'teams')),
      '',
      'Entries of `incidents.teams`, by name: [who gets an incident](incidents.md#who-gets-it). `onCall` says who is on call.',
    ),
    section(
      'Routes',
      itemOf(childOf(childOf(settings, 'incidents'), 'routes')),
      '',
      'Entries of `incidents.routes`: the first that fits decides.',
    ),
    section('Webhooks', itemOf(childOf(settings, 'webhooks')), '', 'Entries of `webhooks`. What is sent: [webhooks](webhooks.md).'),
    ...targets.map((shape) =>
      section(
        `Targets: ${shape.title}`,
        shape,
        '',
        `Entries of \`targets\` with \`type: ${shape.title}\`: [what is sent](notify.md#${shape.title}).`,
      ),
    ),
    section(
      'Comparisons of two legs',
      itemOf(childOf(childOf(settings, 'reconciliation'), 'comparisons')),
      '',
      'Entries of `reconciliation.comparisons`: which legs are compared record by record. Its `tolerances` come before those of the partner, and these before the general ones.',
    ),
    section(
      'Detectors',
      entryOf(childOf(settings, 'detectors')),
      '',
      'Entries of `detectors`, by name: changes to those that ship, or your own; `effect`, `budget` and `persistence` are maps. Metrics, dimensions, what ships and how they behave: [detectors over series](detectors.md).',
    ),
    section(
      'Controls',
      entryOf(childOf(settings, 'controls')),
      '',
      'Entries of `controls`, by id: `controls: { S01: { limits: { grace_seconds: 60 } } }`. The limits of each: [controls](controls.md). One with `sql` or `sqlFile` is [a control of your own](how-to/write-your-own-control.md).',
    ),
  ].join('\n\n')}\n`;
}
