/** One reconciled window: why it breaks, and the breaks, down to the pair of records. */
import { pathOf } from '../core/ask.ts';
import { count, dayOf, money, percent, shortMoney } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable, type ShownColumn } from '../parts/DataTable.tsx';
import { More } from '../parts/More.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';
import { Tags } from '../parts/Tags.tsx';
import { usePages } from '../parts/use-pages.ts';
import { breakColumns, keyOfBreak } from './break-columns.tsx';
import { Pair } from './Pair.tsx';
import { type Break, type Cause, classWords, type Reconciled } from './types.ts';

interface OneRunProps {
  readonly run: Reconciled;
  /** Class of the breaks that are shown; empty = all. */
  readonly wanted: string;
  /** The pair that is shown, by `keyOfBreak`. */
  readonly pair: string;
}

export function OneRun({ run: row, wanted, pair }: OneRunProps) {
  const { control, comparison, run, currency, leg_a, leg_b, window_from } = row;
  const causes = useData<{ items: readonly Cause[] }>(pathOf('/reconciliations/causes', { control, comparison, run }));
  const breaks = usePages<Break>(pathOf('/reconciliations/breaks', { control, comparison, run, class: wanted, limit: 100 }));
  const columns = breakColumns(currency);
  const chosen = breaks.items.find((one) => keyOfBreak(one) === pair);
  const causeColumns: readonly ShownColumn<Cause>[] = [
    {
      name: 'cause',
      title: 'Cause',
      head: true,
      wide: true,
      of: ({ text }) => text,
      show: ({ text, dimensions }) => (
        <>
          {text}
          <div>
            <Tags of={dimensions} />
          </div>
        </>
      ),
    },
    { name: 'class', title: 'Class', nowrap: true, of: (one) => one.class, show: (one) => classWords[one.class] ?? one.class },
    { name: 'records', title: 'Breaks', number: true, of: ({ records }) => records, show: ({ records }) => count(records) },
    { name: 'share', title: 'Share of its class', number: true, of: ({ share }) => share, show: ({ share }) => percent(share) },
    { name: 'customers', title: 'Customers', number: true, of: ({ customers }) => customers, show: ({ customers }) => count(customers) },
    {
      name: 'a_states_more',
      title: 'A states more',
      number: true,
      of: (one) => one.a_states_more,
      show: (one) => shortMoney(one.a_states_more, currency),
    },
    {
      name: 'b_states_more',
      title: 'B states more',
      number: true,
      of: (one) => one.b_states_more,
      show: (one) => shortMoney(one.b_states_more, currency),
    },
  ];
  return (
    <>
      {causes.error || breaks.error ? <Problem text={causes.error || breaks.error} /> : null}
      <Card
        title={`${comparison} · ${dayOf(window_from)}`}
        note={`${control} · A ${leg_a}, ${count(row.records_a)} records · B ${leg_b}, ${count(row.records_b)} records`}
        flush
        tools={<CsvButton name={`causes-${comparison}`} rows={causes.data?.items ?? []} columns={causeColumns} />}
      >
        {(causes.data?.items.length ?? 0) > 0 ? (
          <DataTable label="Causes" rows={causes.data?.items ?? []} columns={causeColumns} keyOf={(one) => `${one.class} ${one.cause}`} />
        ) : (
          <Empty title="The two legs agree." />
        )}
      </Card>
      {chosen ? <Pair run={row} one={chosen} /> : null}
      <Card
        title="Breaks"
        note={`the largest difference first, in ${currency}; ${money(row.a_states_more, '')} more in A, ${money(row.b_states_more, '')} more in B`}
        flush
        tools={
          <>
            <fieldset class="segments" aria-label="Class">
              {['', ...Object.keys(classWords)].map((each) => (
                <button key={each} type="button" aria-pressed={wanted === each} onClick={() => setQuery({ class: each, pair: '' })}>
                  {classWords[each] ?? 'All'}
                </button>
              ))}
            </fieldset>
            <CsvButton name={`breaks-${comparison}`} rows={breaks.items} columns={columns} />
          </>
        }
      >
        {breaks.items.length > 0 ? (
          <DataTable label="Breaks" rows={breaks.items} columns={columns} keyOf={keyOfBreak} chosen={pair} keys />
        ) : breaks.loading ? (
          <Loading />
        ) : (
          <Empty title="No record breaks so." />
        )}
        <More more={breaks.more} />
      </Card>
    </>
  );
}
