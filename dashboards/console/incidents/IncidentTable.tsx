/** Incidents as a table of which only the rows in sight are drawn. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { count, shortMoney } from '../core/format.ts';
import { useKeys } from '../core/keys.ts';
import type { IncidentSummary } from '../core/types.ts';
import { Severity, State } from '../parts/Badge.tsx';
import { Time } from '../parts/Time.tsx';
import { useRows } from '../parts/use-rows.ts';
import { useRowFocus } from './use-row-focus.ts';

/** Heights of a row, px: they are set in the style as well. */
const wideRow = 64;
const narrowRow = 116;
const narrow = matchMedia('(max-width: 760px)');

function useRowHeight(): number {
  const [height, setHeight] = useState(narrow.matches ? narrowRow : wideRow);
  useEffect(() => {
    const update = (): void => setHeight(narrow.matches ? narrowRow : wideRow);
    narrow.addEventListener('change', update);
    return () => narrow.removeEventListener('change', update);
  }, []);
  return height;
}

interface RowProps {
  readonly incident: IncidentSummary;
  readonly index: number;
  readonly fresh: boolean;
}

function Row({ incident, index, fresh }: RowProps) {
  const { incident_id, severity, title, summary, state, money, currency, customers, began_at, assignee, team } = incident;
  return (
    <tr class={fresh ? 'fresh' : undefined} aria-rowindex={index + 2} data-index={index}>
      <td class="c-severity">
        <Severity of={severity} />
      </td>
      <th scope="row" class="c-title">
        <a class="title" href={`/incidents/${encodeURIComponent(incident_id)}`} data-row={index}>
          {title}
        </a>
        <div class="muted small clip">{summary}</div>
      </th>
      <td class="c-state">
        <State of={state} />
        <div class="muted small clip">{assignee || team}</div>
      </td>
      <td class="number c-money">{money === null ? <span class="muted">–</span> : shortMoney(money, currency)}</td>
      <td class="number c-customers">{customers > 0 ? count(customers) : <span class="muted">–</span>}</td>
      <td class="c-age">
        <Time at={began_at} as="ago" />
      </td>
    </tr>
  );
}

interface IncidentTableProps {
  readonly items: readonly IncidentSummary[];
  readonly fresh: ReadonlySet<string>;
}

export function IncidentTable({ items, fresh }: IncidentTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const height = useRowHeight();
  const { from, to, before, after } = useRows(body, items.length, height);
  const { keys, seen } = useRowFocus(body, items, height);
  useKeys(keys);
  const pad = (space: number) =>
    space > 0 ? (
      // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it takes no focus: it is the room of the rows that are not drawn
      <tr class="pad" aria-hidden="true">
        <td colSpan={6} style={{ height: `${space}px` }} />
      </tr>
    ) : null;
  return (
    <table class="incidents" aria-label="Incidents" aria-rowcount={items.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col">Severity</th>
          <th scope="col">Incident</th>
          <th scope="col">State</th>
          <th scope="col" class="number">
            Money
          </th>
          <th scope="col" class="number">
            Customers
          </th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody ref={body} onFocusIn={seen}>
        {pad(before)}
        {items.slice(from, to).map((incident, at) => (
          <Row key={incident.incident_id} incident={incident} index={from + at} fresh={fresh.has(incident.incident_id)} />
        ))}
        {pad(after)}
      </tbody>
    </table>
  );
}
