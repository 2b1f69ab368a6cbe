/** The answer to a question in SQL: the first thousand rows of it. */
import { count } from '../core/format.ts';

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const mostRows = 1000;
const isNumber = (type: string): boolean => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function AnswerTable({ answer: { columns, rows } }: { readonly answer: Answer }) {
  const shown = rows.slice(0, mostRows);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section class="answer" tabIndex={0} aria-label="Rows">
      <table aria-label="Answer">
        <thead>
          <tr>
            {columns.map(({ name, type }) => (
              <th key={name} scope="col" class={isNumber(type) ? 'number' : undefined} title={type}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, at) => (
            <tr key={at}>
              {columns.map(({ name, type }) => {
                const text = textOf(row[name]);
                return (
                  <td key={name} class={isNumber(type) ? 'number' : undefined} title={text.length > 60 ? text : undefined}>
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > mostRows ? (
        <p class="more muted">
          The first {count(mostRows)} of {count(rows.length)} rows. All of them are in the CSV.
        </p>
      ) : null}
    </section>
  );
}
