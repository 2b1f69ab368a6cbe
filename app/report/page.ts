/** A report as a page of HTML that prints well, and as CSV: sections of facts and tables. What data says is shown as text, never as markup. */
import { htmlText } from '../../incidents/post-incident.ts';
import { csvLine } from '../cli/csv-line.ts';

export type ReportCell = string | number;

export interface ReportTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
}

export interface ReportSection {
  readonly title: string;
  readonly text?: string;
  readonly table?: ReportTable;
  /** SQL or the like, as it stands. */
  readonly code?: string;
}

export interface Report {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly ReportSection[];
}

const style = `
:root { color-scheme: light; }
body { font: 14px/1.45 system-ui, sans-serif; color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #ccc; }
p.sub { color: #555; margin-top: .2rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f6; padding: .5rem; font-size: 11px; }
@page { size: A4; margin: 18mm 15mm; }
@media print {
  body { font-size: 10pt; max-width: none; margin: 0; padding: 0; }
  h2 { break-after: avoid; } tr, pre { break-inside: avoid; } thead { display: table-header-group; }
}`;

/** Figures stand to the right. */
const isFigure = (cell: ReportCell): boolean =>
  typeof cell === 'number' || /^(?:no data|no incident|too few|[-–]?[\d,.]*\d?( [%a-zA-Z/]{1,12})?)$/.test(cell);

/** Numbers with separators; a percentage stays on one line. */
function cellText(cell: ReportCell): string {
  return typeof cell === 'number'
    ? cell.toLocaleString('en-US', { maximumFractionDigits: 6 })
    : htmlText(cell).replaceAll(/(\d) %/g, '$1\u00a0%');
}

function tableHtml({ head, rows }: ReportTable): string {
  const right = head.map((_, at) => rows.length > 0 && rows.every((row) => isFigure(row[at] ?? '')));
  const line = (cells: readonly ReportCell[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((cell, at) => `<${tag}${right[at] ? ' class="n"' : ''}>${cellText(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${line(head, 'th')}</thead><tbody>\n${rows.map((row) => line(row, 'td')).join('\n')}\n</tbody></table>`;
}

/** Code keeps its lines. */
function codeHtml(code: string): string {
  return `<pre>${code
    .split('\n')
    .map((line) => `${/^\s*/.exec(line)![0]}${htmlText(line)}`)
    .join('\n')}</pre>`;
}

/** The report as one page, without scripts or anything from outside; the browser's "print to PDF" makes the PDF. */
export function pageHtml({ title, subtitle, sections }: Report): string {
  const body = sections.map(({ title: name, text, table, code }) =>
    [
      `<h2>${htmlText(name)}</h2>`,
      text === undefined ? '' : `<p>${htmlText(text)}</p>`,
      table && table.rows.length > 0 ? tableHtml(table) : '',
      code === undefined ? '' : codeHtml(code),
    ]
      .filter(Boolean)
      .join('\n'),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${htmlText(title)}</title><style>${style}
</style></head><body>
<h1>${htmlText(title)}</h1>
<p class="sub">${htmlText(subtitle)}</p>
${body.join('\n')}
</body></html>
`;
}

/** The tables one below the other, each line with the section in front. */
export function pageCsv({ sections }: Report): string {
  return sections
    .flatMap(({ title, table }) =>
      table ? [csvLine(['section', ...table.head]), ...table.rows.map((row) => csvLine([title, ...row]))] : [],
    )
    .join('');
}
