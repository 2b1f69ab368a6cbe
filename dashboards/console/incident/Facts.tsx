/** What it costs, whom it concerns, since when, who has it. */
import type { ComponentChildren } from 'preact';
import { ago, count, dayOf, duration, money, moneyRange } from '../core/format.ts';
import type { Incident } from '../core/types.ts';
import { Time } from '../parts/Time.tsx';

const classes: Readonly<Record<string, string>> = { leakage: 'Leakage', over_charge: 'Over-charge', risk: 'At risk' };

interface FactProps {
  readonly name: string;
  readonly value: ComponentChildren;
  readonly children?: ComponentChildren;
}

function Fact({ name, value, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="big">{value}</span>
        {children ? <div class="muted small">{children}</div> : null}
      </dd>
    </div>
  );
}

export function Facts({ incident }: { readonly incident: Incident }) {
  const { impact, began_at, detected_at, opened_at, team, assignee, acknowledged_at, resolved_at, finding, complaints } = incident;
  const { money: amount, customers } = impact;
  const range = amount ? moneyRange(amount.low, amount.high, amount.currency) : '';
  const segments = Object.entries(customers?.segments ?? {}).map(([name, many]) => `${name} ${count(many)}`);
  const late = (Date.parse(detected_at) - Date.parse(began_at)) / 1000;
  return (
    <dl class="card facts">
      {amount ? (
        <Fact name={classes[amount.class] ?? 'Money'} value={money(amount.amount, amount.currency)}>
          {range ? <div>{range}</div> : null}
          {amount.recoverable_until ? <div>to be billed by {dayOf(amount.recoverable_until)}</div> : null}
        </Fact>
      ) : null}
      {customers ? (
        <Fact name="Customers" value={count(customers.count)}>
          {segments.join(', ')}
          {complaints && complaints.count > 0 ? <div>{count(complaints.count)} complained</div> : null}
        </Fact>
      ) : null}
      <Fact name={resolved_at ? 'Began' : 'Since'} value={ago(began_at)}>
        <Time at={began_at} />
      </Fact>
      <Fact name="Found after" value={late > 0 ? duration(late) : 'at once'}>
        by {finding.detector}, <Time at={detected_at} />
      </Fact>
      <Fact name="In charge" value={assignee || team || 'Nobody yet'}>
        {assignee && team ? <div>{team}</div> : null}
        {acknowledged_at ? (
          <div>acknowledged after {duration(Math.max(0, (Date.parse(acknowledged_at) - Date.parse(opened_at)) / 1000))}</div>
        ) : null}
        {resolved_at ? (
          <div>
            resolved <Time at={resolved_at} />
          </div>
        ) : null}
      </Fact>
    </dl>
  );
}
