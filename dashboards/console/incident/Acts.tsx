/** What a person does with it: acknowledge, begin, resolve, close, comment, assign. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { useKeys } from '../core/keys.ts';
import { useMe } from '../core/session.ts';
import type { Incident } from '../core/types.ts';
import { Card } from '../parts/Card.tsx';
import type { OneIncident } from './use-incident.ts';

/** Steps with the states that they lead on from, and the words when it is done. */
const steps = [
  ['acknowledge', 'Acknowledge', ['open'], 'Acknowledged.'],
  ['in_progress', 'Begin work', ['open', 'acknowledged'], 'Work has begun.'],
  ['resolve', 'Resolve', ['open', 'acknowledged', 'in_progress'], 'Resolved.'],
  ['close', 'Close', ['resolved'], 'Closed.'],
  ['reopen', 'Reopen', ['resolved', 'closed'], 'Open again.'],
] as const;

/** States in which work can wait. */
const holdable = ['acknowledged', 'in_progress'];

interface ActsProps {
  readonly incident: Incident;
  readonly one: OneIncident;
  readonly onResolved: () => void;
}

export function Acts({ incident, one, onResolved }: ActsProps) {
  const me = useMe();
  const [note, setNote] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { state, assignee } = incident;
  const can = (name: string): boolean => steps.some(([step, , from]) => step === name && (from as readonly string[]).includes(state));

  const act = async (name: string, done: string, more: object = {}): Promise<void> => {
    const text = note.trim();
    if (await one.post(name, { ...(text ? { note: text } : {}), ...more }, done)) {
      // What was written meanwhile stays.
      setNote((now) => (now.trim() === text ? '' : now));
      if (name === 'resolve' || name === 'close') onResolved();
    }
  };
  const keys = useMemo(
    () => ({
      ...(can('acknowledge') ? { a: () => void act('acknowledge', 'Acknowledged.') } : {}),
      ...(can('resolve') ? { r: () => void act('resolve', 'Resolved.') } : {}),
      n: () => field.current?.focus(),
    }),
    [state, note],
  );
  useKeys(keys);

  const goesOn = incident.hold_reason !== undefined && state === 'in_progress';
  const possible = steps.filter(([name]) => can(name) || (goesOn && name === 'in_progress'));
  return (
    <Card title="What to do">
      <label for="note">Note for the timeline; goes with the next step</label>
      <textarea id="note" ref={field} maxLength={4000} rows={2} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      <div class="actions">
        {possible.map(([name, label, , done], at) => (
          <button
            key={name}
            type="button"
            disabled={one.busy}
            class={at === 0 ? 'primary' : undefined}
            onClick={() => void act(name, done)}
          >
            {goesOn && name === 'in_progress' ? 'Go on' : label}
          </button>
        ))}
        {holdable.includes(state) && !incident.hold_reason ? (
          <button
            type="button"
            disabled={one.busy || note.trim() === ''}
            title="The note is the reason"
            onClick={() => void act('hold', 'On hold.')}
          >
            Hold
          </button>
        ) : null}
        <button type="button" disabled={one.busy || note.trim() === ''} onClick={() => void act('comment', 'Noted.')}>
          Comment
        </button>
        {assignee === me.name ? (
          <button type="button" disabled={one.busy} onClick={() => void act('assign', 'You are off it.', { assignee: '' })}>
            Leave it
          </button>
        ) : (
          <button type="button" disabled={one.busy} onClick={() => void act('assign', 'It is yours.', { assignee: me.name })}>
            Take it
          </button>
        )}
      </div>
    </Card>
  );
}
