/** `docs/data-model.md`: every table and view, from the migrations that make them and the record kinds that they store. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSettings } from '../../app/settings/load.ts';
import type { Kind } from '../../core/column.ts';
import { kinds } from '../../core/kinds/index.ts';
import { analystGrants } from '../../sql/access.ts';
import { batchColumns } from '../../sql/batch-columns.ts';
import { anchorOf, code, madeFrom, markdownTable } from './markdown.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly order: string;
  readonly keep: string;
  readonly comment: string;
}

interface View {
  readonly name: string;
  readonly comment: string;
}

const defaults = parseSettings('', 'defaults');
const folder = fileURLToPath(new URL('../../sql/migrations/', import.meta.url));

/** The SQL of all migrations, in their order. */
export function migrationsText(): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(`${folder}${name}`, 'utf8'))
    .join('\n');
}

const unquoted = (text: string): string => text.replaceAll("''", "'").replaceAll("\\'", "'");
const quoted = `'((?:[^'\\\\]|''|\\\\.)*)'`;
const columnLine = new RegExp(`^\\s+\`(\\w+)\` (.+?) COMMENT ${quoted},?$`);

/**
 * The tables that migrations make, with their columns as written there.
 * @example tablesOf("CREATE TABLE IF NOT EXISTS weir.x{local} {on_cluster}\n(\n    `a` Int8 COMMENT 'A'\n)\nORDER BY (a)\nCOMMENT 'X';")[0].columns // [{ name: 'a', type: 'Int8', comment: 'A' }]
 */
export function tablesOf(sql: string): Table[] {
  return [...sql.matchAll(/CREATE TABLE IF NOT EXISTS weir\.(\w+)\{local\}[^\n]*\n\(\n([\s\S]*?)\n\)\n([\s\S]*?);\n/g)].map(
    ([, name = '', inner = '', tail = '']) => ({
      name,
      columns: inner.split('\n').flatMap((line) => {
        const [, column, type, comment] = columnLine.exec(line) ?? [];
        return column && type && comment !== undefined ? [{ name: column, type, comment: unquoted(comment) }] : [];
      }),
      order: /^ORDER BY (.+)$/m.exec(tail)?.[1] ?? '',
      keep:
        /INTERVAL (\d+ \w+)/
          .exec(tail)?.[1]
          ?.toLowerCase()
          .replace(/(\d+ \w+)/, '$1s') ?? '',
      comment: unquoted(new RegExp(`^COMMENT ${quoted}`, 'm').exec(tail)?.[1] ?? ''),
    }),
  );
}

/** The views that people read; the materialised views that fill tables are not among them. */
export function viewsOf(sql: string): View[] {
  return sql.split(/;\n/).flatMap((statement) => {
    const name = /CREATE VIEW IF NOT EXISTS weir\.(\w+)/.exec(statement)?.[1];
    const comment = new RegExp(`\nCOMMENT ${quoted}\\s*$`).exec(statement)?.[1];
    return name ? [{ name, comment: unquoted(comment ?? '') }] : [];
  });
}

/** Questions that people ask first. A test runs them all as the analyst. */
export const exampleQueries: readonly { readonly asks: string; readonly sql: string }[] = [
  {
    asks: 'Did everything arrive, once?',
    sql: 'SELECT source, read, stored, rejected, dropped, balanced, proved FROM accounting ORDER BY source',
  },
  {
    asks: 'What came in by hour, leg and service?',
    sql: `SELECT hour, leg, service, sum(records) AS n, sum(duration_seconds) / 60 AS minutes, sum(charge) AS amount
FROM usage_hour WHERE hour >= now() - INTERVAL 2 DAY
GROUP BY hour, leg, service ORDER BY hour, leg, service LIMIT 100`,
  },
  {
    asks: 'Answer-seizure ratio by partner, worst first',
    sql: `SELECT partner, sum(answered) / sum(records) AS asr, sum(records) AS attempts
FROM usage_minute WHERE service = 'voice' AND minute >= now() - INTERVAL 1 DAY
GROUP BY partner HAVING attempts >= 100 ORDER BY asr LIMIT 20`,
  },
  {
    asks: 'Which usage is stored more than once?',
    sql: `SELECT leg, business_key, count() AS n, groupUniqArray(file) AS files
FROM usage_keys GROUP BY leg, business_key HAVING n > 1 ORDER BY n DESC LIMIT 20`,
  },
  {
    asks: 'Which rejections are new today?',
    sql: `SELECT source, reason, field, count() AS n, any(detail) AS detail
FROM rejections WHERE ingest_time >= today() GROUP BY source, reason, field ORDER BY n DESC LIMIT 20`,
  },
  {
    asks: 'What is open, and what does it cost?',
    sql: `SELECT severity, title, money, currency, customers, began_at
FROM incident_latest WHERE state NOT IN ('resolved', 'closed') ORDER BY severity, money DESC LIMIT 20`,
  },
  {
    asks: 'Files of a source with the totals they declare',
    sql: `SELECT source, name, state, sequence, declared_records, stored + rejected AS records, error
FROM files_latest ORDER BY received_at DESC LIMIT 20`,
  },
  {
    asks: 'Plan of a subscription as it was at the time of the call',
    sql: `SELECT u.start_time, u.charge, s.plan
FROM usage AS u ASOF LEFT JOIN (SELECT * FROM subscriptions_current WHERE system = 'crm') AS s
ON u.tenant = s.tenant AND u.subscriber = s.subscription AND u.start_time >= s.valid_from
WHERE u.start_time >= now() - INTERVAL 1 HOUR LIMIT 20`,
  },
];

/** How long a table is kept that a setting decides about. */
function kept(setting: '' | 'recordsDays' | 'rejectsDays'): string {
  if (setting === '') return 'Kept without limit.';
  return `Kept \`retention.${setting}\` (${defaults.retention[setting]} days) from its arrival.`;
}

const columnTable = (columns: readonly Column[]): string =>
  markdownTable(
    ['Column', 'Type', 'Meaning'],
    columns.map(({ name, type, comment }) => [code(name), code(type), comment]),
  );

function recordSection(kind: Kind, table: Table): string {
  const transient = Object.entries(kind.columns).filter(([, { type }]) => type === 'transient');
  const own = table.columns.filter(({ name }) => !(name in batchColumns));
  const parts = [
    `### ${table.name}`,
    `${table.comment} Kind \`${kind.name}\`; required: ${kind.required.map(code).join(', ')}. Order: \`${table.order}\`. ${table.keep ? kept('recordsDays') : kept('')}`,
    columnTable(own),
  ];
  if (transient.length > 0) {
    parts.push(
      'A source fills these too; they become pseudonyms and are never stored:',
      markdownTable(
        ['Field', 'Meaning'],
        transient.map(([name, { comment }]) => [code(name), comment]),
      ),
    );
  }
  return parts.join('\n\n');
}

function systemSection(table: Table, readable: boolean): string {
  const facts = [
    table.comment,
    `Order: \`${table.order}\`.`,
    table.name === 'rejects' ? kept('rejectsDays') : table.keep ? `Kept ${table.keep}.` : kept(''),
    ...(readable ? [] : ['Not readable by analysts.']),
  ];
  return [`### ${table.name}`, facts.join(' '), columnTable(table.columns)].join('\n\n');
}

export function dataModelPage(): string {
  const sql = migrationsText();
  const tables = tablesOf(sql);
  const views = viewsOf(sql);
  const granted = analystGrants().join('\n');
  const isGranted = (name: string) => granted.includes(`SELECT ON weir.${name}\n`) || granted.endsWith(`SELECT ON weir.${name}`);
  const record = tables.flatMap((table) => {
    const kind = kinds.find((one) => one.table === table.name);
    return kind ? [{ kind, table }] : [];
  });
  const system = tables.filter(({ name }) => !record.some(({ table }) => table.name === name));
  const overview = (name: string, comment: string): string => `| [${name}](#${anchorOf(name)}) | ${comment} |`;
  return `${[
    '# Data model',
    madeFrom('`core/kinds/` and `sql/migrations/`'),
    `Everything lies in the ClickHouse database \`weir\`. Every table begins with \`tenant\`. \`DESCRIBE usage\` shows the same comments as this page. Analysts
(\`npx weir sql\`, user \`analyst\`) read what is listed here unless it says otherwise, within limits of time, memory and rows. Times are UTC. \`1970-01-01\`, \`0\` and
the empty text mean "not stated". Amounts are exact decimals in the currency beside them.

Nothing is replaced or merged in the record tables: a row stays as its source stated it. What changes over time (batches, files, incidents) is stored as one
row per state; the views \`…_latest\` show the latest. Rollups are to be summed again when they are read: \`sum(records)\`, never \`count()\`.`,
    `| Record table | What it holds |\n|---|---|\n${record.map(({ table }) => overview(table.name, table.comment)).join('\n')}`,
    `| System table | What it holds |\n|---|---|\n${system.map((table) => overview(table.name, table.comment)).join('\n')}`,
    '## Questions and their SQL',
    'Each runs as it stands, in `npx weir sql "…"` or any ClickHouse client.',
    ...exampleQueries.map((query) => `${query.asks}\n\n\`\`\`sql\n${query.sql}\n\`\`\``),
    '## Views',
    markdownTable(
      ['View', 'What it shows'],
      views.map(({ name, comment }) => [code(name), comment]),
    ),
    '## Record tables',
    'Each begins with these columns:',
    columnTable(Object.entries(batchColumns).map(([name, { type, comment }]) => ({ name, type, comment }))),
    ...record.map(({ kind, table }) => recordSection(kind, table)),
    '## System tables',
    ...system.map((table) => systemSection(table, isGranted(table.name))),
  ].join('\n\n')}\n`;
}
