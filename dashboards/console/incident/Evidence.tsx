/** The SQL to see it again, and records that show it. */
import { useState } from 'preact/hooks';
import { announce } from '../core/announce.ts';
import type { Incident } from '../core/types.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';

function Copy({ text }: { readonly text: string }) {
  const [label, setLabel] = useState('Copy');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setLabel('Copied');
      announce('Copied.');
    } catch {
      setLabel('Select it by hand');
    }
    setTimeout(() => setLabel('Copy'), 2000);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {label}
    </button>
  );
}

/** A statement that shows these records in full. */
const recordsSql = (ids: readonly string[]): string =>
  `SELECT *\nFROM usage\nWHERE record_id IN (${ids.map((id) => `'${id.replaceAll("'", '')}'`).join(', ')})\nLIMIT 100`;

export function Evidence({ incident }: { readonly incident: Incident }) {
  const { sql = '', sample_record_ids: ids = [] } = incident.finding.evidence ?? {};
  const [shown, setShown] = useState(5);
  if (sql === '' && ids.length === 0) return null;
  return (
    <Card
      title="Evidence"
      tools={
        <>
          {ids.length > 0 ? (
            <CsvButton name={`records-${incident.incident_id}`} rows={ids} columns={[{ name: 'record_id', of: (id) => id }]} />
          ) : null}
          {sql ? <Copy text={sql} /> : null}
          {sql ? (
            <a class="button quiet" href={`/sql#q=${encodeURIComponent(sql)}`}>
              Open in SQL
            </a>
          ) : null}
        </>
      }
    >
      {sql ? (
        <>
          <h3>The SQL to see it again</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
          <section class="code" tabIndex={0} aria-label="The SQL">
            <pre>{sql}</pre>
          </section>
        </>
      ) : null}
      {ids.length > 0 ? (
        <>
          <h3>
            Sample records, {ids.length} · <a href={`/sql#q=${encodeURIComponent(recordsSql(ids.slice(0, 20)))}`}>show them in full</a>
          </h3>
          <ul class="plain records">
            {ids.slice(0, shown).map((id) => (
              <li key={id}>
                <code>{id}</code>
              </li>
            ))}
          </ul>
          {ids.length > shown ? (
            <button type="button" class="quiet" onClick={() => setShown(ids.length)}>
              Show all {ids.length}
            </button>
          ) : null}
        </>
      ) : null}
    </Card>
  );
}
