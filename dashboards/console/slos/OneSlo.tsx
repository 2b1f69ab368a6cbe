/** One objective: its error budget over time, and when it speaks. */
import { useMemo } from 'preact/hooks';
import { count } from '../core/format.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { LazyChart } from '../parts/LazyChart.tsx';
import { Loading, Problem } from '../parts/Status.tsx';
import { shareOf, targetOf } from './slo-columns.tsx';
import type { SloDetail, SloPoint } from './types.ts';

const columns = [
  { name: 'at', of: (point: SloPoint) => point.at },
  { name: 'budget_left', of: (point: SloPoint) => point.budget_left },
];

export function OneSlo({ name }: { readonly name: string }) {
  const { data, error } = useData<SloDetail>(`/slos/${encodeURIComponent(name)}`);
  const chart = useMemo(() => {
    const points = data?.history ?? [];
    const none = points.map(() => null);
    const share = points.map(({ budget_left }) => (budget_left === null ? null : budget_left * 100));
    return { times: points.map(({ at }) => Date.parse(at) / 1000), observed: share, expected: none, lower: none, upper: none };
  }, [data]);
  if (error) return <Problem text={error} />;
  if (!data)
    return (
      <div class="card">
        <Loading />
      </div>
    );
  return (
    <Card
      title={data.title || data.slo}
      note="error budget left"
      tools={<CsvButton name={`slo-${data.slo}`} rows={data.history} columns={columns} />}
    >
      {chart.times.length > 1 ? (
        <LazyChart data={chart} unit="%" label={`Error budget of ${data.slo} over ${data.history.length} points`} plain />
      ) : null}
      <dl class="pair under">
        {data.description ? (
          <>
            <dt>What</dt>
            <dd>{data.description}</dd>
          </>
        ) : null}
        <dt>Good</dt>
        <dd>
          {shareOf(data.share)} of {count(data.total)}; {targetOf(data.target)} are promised
        </dd>
        {(data.rules ?? []).map(({ name: rule, severity, text }) => (
          <>
            <dt>{rule}</dt>
            <dd>
              {text} <span class="muted small">{severity}</span>
            </dd>
          </>
        ))}
        {data.notes.map((note) => (
          <>
            <dt>Note</dt>
            <dd>{note}</dd>
          </>
        ))}
      </dl>
    </Card>
  );
}
