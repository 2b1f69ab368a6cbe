/** What can be asked for: tables and columns with what they mean. A press puts the name into the statement. */
import { useState } from 'preact/hooks';
import { Card } from '../parts/Card.tsx';
import { Loading, Problem } from '../parts/Status.tsx';
import type { KnownTables, Table } from './use-tables.ts';

interface TablesProps extends KnownTables {
  readonly onPick: (name: string) => void;
}

/** Tables that have the words in a name or a comment; of a table whose own name does not have them, only those columns. */
export function tablesWith(tables: readonly Table[], text: string): readonly Table[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return tables;
  return tables.flatMap((table) => {
    if (table.table.toLowerCase().includes(wanted)) return [table];
    const columns = table.columns.filter(({ name, comment }) => `${name} ${comment}`.toLowerCase().includes(wanted));
    return columns.length > 0 ? [{ ...table, columns }] : [];
  });
}

function TableHelp({ table, open, onPick }: { readonly table: Table; readonly open: boolean; readonly onPick: (name: string) => void }) {
  const [seen, setSeen] = useState(open);
  return (
    <details open={open} onToggle={(event) => event.currentTarget.open && setSeen(true)}>
      <summary>
        {table.table} <span class="muted small">{table.columns.length}</span>
      </summary>
      {seen || open ? (
        <>
          <p class="muted small">
            {table.comment}{' '}
            <button type="button" class="quiet" onClick={() => onPick(table.table)}>
              Put in<span class="hidden-visually"> {table.table}</span>
            </button>
          </p>
          <dl>
            {table.columns.map(({ name, type, comment }) => (
              <div key={name}>
                <dt>
                  <button type="button" class="link" onClick={() => onPick(name)}>
                    {name}
                  </button>{' '}
                  <code class="muted">{type}</code>
                </dt>
                <dd>{comment}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
    </details>
  );
}

export function Tables({ tables, loading, problem, onPick }: TablesProps) {
  const [text, setText] = useState('');
  const shown = tablesWith(tables, text);
  return (
    <Card title="Tables" note={`${shown.length}`} flush>
      <div class="tree-find">
        <input
          type="search"
          aria-label="Search tables and columns"
          placeholder="Search names and meanings"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      {problem ? <Problem text={problem} /> : null}
      {loading ? <Loading lines={5} /> : null}
      <div class="tree">
        {shown.map((table) => (
          <TableHelp key={table.table} table={table} open={text !== '' && shown.length <= 3} onPick={onPick} />
        ))}
      </div>
    </Card>
  );
}
