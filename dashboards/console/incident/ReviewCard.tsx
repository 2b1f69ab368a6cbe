/** What was learned: cause, use, satisfaction, the chain of whys, the root cause. */
import { useEffect, useState } from 'preact/hooks';
import { causes, mostWhys } from '../../../incidents/review.ts';
import { wordOf } from '../core/format.ts';
import { useMayAct } from '../core/session.ts';
import type { Incident } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import type { OneIncident } from './use-incident.ts';
import { Whys } from './Whys.tsx';

interface Said {
  readonly cause: string;
  readonly cause_text: string;
  readonly useful: string;
  readonly satisfaction: number;
  readonly whys: readonly string[];
  readonly root_cause: string;
  readonly lessons: string;
}

const nothing: Said = { cause: '', cause_text: '', useful: '', satisfaction: 0, whys: [], root_cause: '', lessons: '' };

/** What differs from before: only that is said. */
function changes(before: Said, after: Said): Partial<Said> {
  const names = Object.keys(nothing) as (keyof Said)[];
  return Object.fromEntries(
    names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).map((name) => [name, after[name]]),
  );
}

export function ReviewCard({ incident, one }: { readonly incident: Incident; readonly one: OneIncident }) {
  const mayAct = useMayAct();
  const { data, reload } = useData<{ review: Said | null; asked: readonly string[] }>(
    `/incidents/${encodeURIComponent(incident.incident_id)}/review`,
  );
  const [draft, setDraft] = useState<Said>(nothing);
  const stored = { ...nothing, ...data?.review };
  const shown: Said = {
    cause: stored.cause,
    cause_text: stored.cause_text,
    useful: stored.useful,
    satisfaction: stored.satisfaction,
    whys: stored.whys,
    root_cause: stored.root_cause,
    lessons: stored.lessons,
  };
  useEffect(() => setDraft(shown), [data]);
  const set = (change: Partial<Said>): void => setDraft({ ...draft, ...change });
  const say = async (event: Event): Promise<void> => {
    event.preventDefault();
    const change = changes(shown, { ...draft, whys: draft.whys.map((why) => why.trim()).filter(Boolean) });
    if (Object.keys(change).length === 0) return;
    if (await one.post('review', change, 'The review is stored.')) await reload();
  };
  return (
    <Card
      title="What was learned"
      note={data && data.asked.length > 0 ? `asked for: ${data.asked.join(', ')}` : data ? 'complete' : ''}
      tools={
        <a
          class="button quiet"
          href={`/api/v1/incidents/${encodeURIComponent(incident.incident_id)}/report?format=html`}
          target="_blank"
          rel="noreferrer"
        >
          Report
        </a>
      }
    >
      <form onSubmit={(event) => void say(event)}>
        <fieldset class="bare" disabled={!mayAct || one.busy}>
          <legend class="hidden-visually">Review</legend>
          <div class="row">
            <div class="grow">
              <label for="cause">Cause</label>
              <select id="cause" value={draft.cause} onChange={(event) => set({ cause: event.currentTarget.value })}>
                <option value="" disabled>
                  Choose
                </option>
                {causes.map((cause) => (
                  <option key={cause} value={cause}>
                    {wordOf(cause)}
                  </option>
                ))}
              </select>
            </div>
            <div class="grow">
              <label for="useful">The incident was</label>
              <select id="useful" value={draft.useful} onChange={(event) => set({ useful: event.currentTarget.value })}>
                <option value="" disabled>
                  Choose
                </option>
                <option value="useful">Useful</option>
                <option value="noise">Noise</option>
              </select>
            </div>
            <div class="grow">
              <label for="satisfaction">How it went</label>
              <select
                id="satisfaction"
                value={String(draft.satisfaction)}
                onChange={(event) => set({ satisfaction: Number(event.currentTarget.value) })}
              >
                <option value="0" disabled>
                  Choose
                </option>
                {['badly', 'not well', 'so-so', 'well', 'very well'].map((word, at) => (
                  <option key={word} value={String(at + 1)}>{`${at + 1} · ${word}`}</option>
                ))}
              </select>
            </div>
          </div>
          <label for="cause-text">The cause in words</label>
          <input
            id="cause-text"
            maxLength={4000}
            value={draft.cause_text}
            onInput={(event) => set({ cause_text: event.currentTarget.value })}
          />
          <Whys whys={draft.whys} most={mostWhys} onChange={(whys) => set({ whys })} />
          <label for="root-cause">Root cause</label>
          <input
            id="root-cause"
            maxLength={4000}
            value={draft.root_cause}
            onInput={(event) => set({ root_cause: event.currentTarget.value })}
          />
          <label for="lessons">Lessons</label>
          <textarea
            id="lessons"
            maxLength={4000}
            rows={2}
            value={draft.lessons}
            onInput={(event) => set({ lessons: event.currentTarget.value })}
          />
          {mayAct ? <button type="submit">Save the review</button> : null}
        </fieldset>
      </form>
    </Card>
  );
}
