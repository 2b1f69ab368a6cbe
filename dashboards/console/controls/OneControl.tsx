/** One control: what it means, what it last said, how a finding is proved and recovered. */
import { pathOf } from '../core/ask.ts';
import { count, figure, money, number } from '../core/format.ts';
import type { ControlResult } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { State } from '../parts/Badge.tsx';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable, type ShownColumn } from '../parts/DataTable.tsx';
import { More } from '../parts/More.tsx';
import { Prose } from '../parts/Prose.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';
import { Tags } from '../parts/Tags.tsx';
import { Time } from '../parts/Time.tsx';
import { usePages } from '../parts/use-pages.ts';
import { stateWords } from './control-columns.tsx';
import type { ControlPage } from './types.ts';

const results: readonly ShownColumn<ControlResult>[] = [
  { name: 'cell', title: 'Cell', head: true, wide: true, of: ({ cell }) => cell, show: ({ cell }) => <Tags of={cell} none="everything" /> },
  {
    name: 'state',
    title: 'State',
    nowrap: true,
    of: ({ state }) => state,
    show: ({ state }) => <State of={state} text={stateWords[state] ?? state} />,
  },
  { name: 'observed', title: 'Observed', number: true, of: ({ observed }) => observed, show: ({ observed }) => figure(observed) },
  { name: 'expected', title: 'Expected', number: true, of: ({ expected }) => expected, show: ({ expected }) => figure(expected) },
  {
    name: 'money',
    title: 'Money',
    number: true,
    of: (row) => row.money,
    show: (row) => (row.money === null ? <span class="muted">–</span> : money(row.money, row.currency)),
  },
  { name: 'window_from', title: 'Window', nowrap: true, of: (row) => row.window_from, show: (row) => <Time at={row.window_from} /> },
  { name: 'window_to', title: 'Window to', hidden: true, of: (row) => row.window_to },
  { name: 'judged_at', title: 'Judged', nowrap: true, of: (row) => row.judged_at, show: (row) => <Time at={row.judged_at} as="ago" /> },
  {
    name: 'note',
    title: 'Why',
    wide: true,
    of: ({ note }) => note,
    show: ({ note }) => (
      <span class="small muted">
        <Prose text={note} />
      </span>
    ),
  },
];

function Steps({ title, steps }: { readonly title: string; readonly steps: readonly string[] }) {
  if (steps.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step}>
            <Prose text={step} />
          </li>
        ))}
      </ol>
    </>
  );
}

export function OneControl({ identity, state }: { readonly identity: string; readonly state: string }) {
  const { data, error } = useData<ControlPage>(`/controls/${encodeURIComponent(identity)}`);
  const { items, more, loading } = usePages<ControlResult>(pathOf('/control-results', { control: identity, state, limit: 50 }));
  if (error) return <Problem text={error} />;
  if (!data)
    return (
      <div class="card">
        <Loading />
      </div>
    );
  return (
    <>
      <Card title={`${data.identity} · ${data.title}`}>
        <p>
          <Prose text={data.meaning} />
        </p>
        <dl class="pair">
          <dt>Formula</dt>
          <dd>
            <Prose text={data.formula} />
          </dd>
          {data.money ? (
            <>
              <dt>Money</dt>
              <dd>{data.money}</dd>
            </>
          ) : null}
          {data.limits.map((limit) => (
            <>
              <dt>{limit.name}</dt>
              <dd>
                {number(limit.default)} {limit.unit}{' '}
                <span class="muted small">
                  ({number(limit.min)} to {number(limit.max)}) {limit.description}
                </span>
              </dd>
            </>
          ))}
        </dl>
        <Steps title="How to prove it" steps={data.prove} />
        <Steps title="How to recover" steps={data.recover} />
      </Card>
      <Card
        title="Judgements"
        note={items.length > 0 ? `the latest ${count(items.length)}` : ''}
        flush
        tools={<CsvButton name={`control-${identity}`} rows={items} columns={results} />}
      >
        {items.length > 0 ? (
          <DataTable
            label={`Judgements of ${identity}`}
            rows={items}
            columns={results}
            keyOf={(row) => row.window_from + row.window_to + JSON.stringify(row.cell)}
          />
        ) : loading ? (
          <Loading />
        ) : (
          <Empty title="It has judged nothing yet." />
        )}
        <More more={more} />
      </Card>
    </>
  );
}
