/** Two records side by side: what each leg states, and where they differ. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../core/ask.ts';
import { setQuery } from '../core/route.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { Loading, Problem } from '../parts/Status.tsx';
import type { Break, Reconciled } from './types.ts';

type Side = Readonly<Record<string, unknown>> | null;

interface Line {
  readonly field: string;
  readonly a: string;
  readonly b: string;
}

/** Where a record comes from: it differs in every pair, and says nothing of the usage. */
const origins = ['source', 'leg', 'record_id', 'ingest_time', 'file', 'partition', 'position'];
const differs = ({ field, a, b }: Line): boolean => a !== b && !origins.includes(field);

/** What says nothing: its field is left out where both sides have it. */
const empty = ['', '0', 'false', '[]', '{}', 'null', '1970-01-01 00:00:00.000', '00000000-0000-0000-0000-000000000000'];
const textOf = (side: Side, field: string): string => {
  const value = side?.[field];
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** Fields of both records, in the order of the table. */
export function linesOf(a: Side, b: Side): readonly Line[] {
  return Object.keys(a ?? b ?? {})
    .map((field) => ({ field, a: textOf(a, field), b: textOf(b, field) }))
    .filter((line) => !(empty.includes(line.a) && empty.includes(line.b)));
}

const columns = (['field', 'a', 'b'] as const).map((name) => ({ name, of: (line: Line) => line[name] }));

export function Pair({ run, one }: { readonly run: Reconciled; readonly one: Break }) {
  const { record_a, record_b } = one;
  const { leg_a, leg_b, window_from, window_to } = run;
  const { data, error } = useData<{ a: Side; b: Side }>(
    pathOf('/reconciliations/pair', { record_a, record_b, leg_a, leg_b, from: window_from, to: window_to }),
  );
  const [all, setAll] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [data]);
  const lines = data ? linesOf(data.a, data.b) : [];
  const both = Boolean(data?.a && data.b);
  const differing = lines.filter(differs);
  const shown = all || !both ? lines : differing;
  return (
    <div ref={place} class="pair-card">
      <Card
        title="The pair of records"
        note={both ? `${differing.length} of ${lines.length} fields differ` : 'one side has no such record'}
        flush
        tools={
          <>
            {both ? (
              <button type="button" class="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
                {all ? 'Only what differs' : 'All fields'}
              </button>
            ) : null}
            <CsvButton name="pair" rows={lines} columns={columns} />
            <button type="button" class="quiet" onClick={() => setQuery({ pair: '' })}>
              Close the pair
            </button>
          </>
        }
      >
        {error ? <Problem text={error} /> : null}
        {!data && !error ? <Loading /> : null}
        {data ? (
          <table class="compare" aria-label="The pair of records">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">A · {leg_a}</th>
                <th scope="col">B · {leg_b}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => (
                <tr key={line.field}>
                  <th scope="row">
                    <code>{line.field}</code>
                  </th>
                  <td class={both && differs(line) ? 'differs' : undefined}>{data.a ? line.a : <span class="muted">no record</span>}</td>
                  <td class={both && differs(line) ? 'differs' : undefined}>{data.b ? line.b : <span class="muted">no record</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </Card>
    </div>
  );
}
