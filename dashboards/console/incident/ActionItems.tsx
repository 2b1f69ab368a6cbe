/** Corrective and preventive actions with their owner and due day. */
import { useState } from 'preact/hooks';
import { ask, pathOf, wordsOf } from '../core/ask.ts';
import { dayOf } from '../core/format.ts';
import { useMayAct, useMe } from '../core/session.ts';
import type { Incident } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { Problem } from '../parts/Status.tsx';

interface Item {
  readonly action_id: string;
  readonly kind: string;
  readonly text: string;
  readonly owner: string;
  readonly due_on: string;
  readonly state: string;
}

const columns = (['action_id', 'kind', 'text', 'owner', 'due_on', 'state'] as const).map((name) => ({
  name,
  of: (item: Item) => item[name],
}));
const inAWeek = (): string => new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

export function ActionItems({ incident: { incident_id } }: { readonly incident: Incident }) {
  const me = useMe();
  const mayAct = useMayAct();
  const { data, reload } = useData<{ items: readonly Item[] }>(pathOf('/actions', { incident_id }));
  const [draft, setDraft] = useState({ kind: 'corrective', text: '', owner: me.name, due_on: inAWeek() });
  const [error, setError] = useState('');
  const send = async (path: string, body: object): Promise<void> => {
    try {
      await ask(path, { method: 'POST', body });
      setError('');
      setDraft((before) => ({ ...before, text: '' }));
      await reload();
    } catch (problem) {
      setError(wordsOf(problem));
    }
  };
  const items = data?.items ?? [];
  if (items.length === 0 && !mayAct) return null;
  return (
    <Card title="Actions" tools={<CsvButton name={`actions-${incident_id}`} rows={items} columns={columns} />}>
      {error ? <Problem text={error} /> : null}
      <ul class="plain">
        {items.map(({ action_id, kind, text, owner, due_on, state }) => (
          <li key={action_id} class="entry todo">
            <div>
              <span class={state === 'open' ? '' : 'struck'}>{text}</span>
              <div class="muted small">
                {kind} · {owner} · {state === 'open' ? `due ${dayOf(due_on)}` : state}
              </div>
            </div>
            {mayAct && state === 'open' ? (
              <button
                type="button"
                class="quiet"
                aria-label={`Done: ${text}`}
                onClick={() => void send(`/actions/${action_id}`, { state: 'done' })}
              >
                Done
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayAct ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send(`/incidents/${encodeURIComponent(incident_id)}/actions`, draft);
          }}
        >
          <label for="action-text">What is to be done</label>
          <input
            id="action-text"
            required
            maxLength={4000}
            value={draft.text}
            onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
          />
          <div class="row">
            <div>
              <label for="action-kind">Kind</label>
              <select id="action-kind" value={draft.kind} onChange={(event) => setDraft({ ...draft, kind: event.currentTarget.value })}>
                <option value="corrective">Corrective</option>
                <option value="preventive">Preventive</option>
              </select>
            </div>
            <div class="grow">
              <label for="action-owner">Owner</label>
              <input
                id="action-owner"
                required
                maxLength={200}
                value={draft.owner}
                onInput={(event) => setDraft({ ...draft, owner: event.currentTarget.value })}
              />
            </div>
            <div>
              <label for="action-due">Due</label>
              <input
                id="action-due"
                type="date"
                required
                value={draft.due_on}
                onInput={(event) => setDraft({ ...draft, due_on: event.currentTarget.value })}
              />
            </div>
          </div>
          <button type="submit">Add</button>
        </form>
      ) : null}
    </Card>
  );
}
