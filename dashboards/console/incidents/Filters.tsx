/** What of the incidents is shown: stands in the address. */
import { count, severityName } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import type { IncidentSummary } from '../core/types.ts';
import { type Choice, orders } from './choose.ts';

const states = [
  ['active', 'Active'],
  ['resolved', 'Resolved'],
  ['closed', 'Closed'],
  ['all', 'All'],
] as const;

interface FiltersProps {
  readonly state: string;
  readonly choice: Choice;
  readonly items: readonly IncidentSummary[];
}

export function Filters({ state, choice, items }: FiltersProps) {
  const { severities, category, text, sort } = choice;
  const bySeverity = new Map<number, number>();
  for (const { severity } of items) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
  const categories = [...new Set([...items.map((one) => one.category), ...(category ? [category] : [])])].sort();
  const toggle = (severity: number): void => {
    const next = severities.includes(severity) ? severities.filter((one) => one !== severity) : [...severities, severity].sort();
    setQuery({ severity: next.join(',') });
  };
  return (
    <div class="filters">
      <fieldset class="segments" aria-label="State">
        {states.map(([name, label]) => (
          <button key={name} type="button" aria-pressed={state === name} onClick={() => setQuery({ state: name === 'active' ? '' : name })}>
            {label}
          </button>
        ))}
      </fieldset>
      <fieldset class="chips" aria-label="Severity">
        {[1, 2, 3, 4, 5].map((severity) => (
          <button
            key={severity}
            type="button"
            class={`chip s${severity}`}
            aria-pressed={severities.includes(severity)}
            onClick={() => toggle(severity)}
          >
            <span class="dot">{severityName(severity)}</span> <b>{count(bySeverity.get(severity) ?? 0)}</b>
          </button>
        ))}
      </fieldset>
      <div class="filter-fields">
        <input
          type="search"
          data-find
          aria-label="Search incidents"
          placeholder="Search"
          value={text}
          onInput={(event) => setQuery({ q: event.currentTarget.value })}
        />
        <select aria-label="Category" value={category} onChange={(event) => setQuery({ category: event.currentTarget.value })}>
          <option value="">All categories</option>
          {categories.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
        <select
          aria-label="Order"
          value={sort}
          onChange={(event) => setQuery({ sort: event.currentTarget.value === 'newest' ? '' : event.currentTarget.value })}
        >
          {Object.entries(orders).map(([name, order]) => (
            <option key={name} value={name}>
              {order.name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
