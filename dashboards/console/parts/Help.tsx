/** What keys do. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { keysAreOn, switchKeys } from '../core/keys.ts';

const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['?', 'this help'],
      ['g then i c r o e s q', 'incidents, controls, reconciliation, objectives, series, sources, SQL'],
      ['/', 'to the search or the first filter'],
      ['Esc', 'out of a field, or close'],
    ],
  ],
  [
    'Lists',
    [
      ['j  k', 'next, previous'],
      ['Enter', 'open'],
      ['Home  End', 'first, last'],
    ],
  ],
  [
    'An incident',
    [
      ['a', 'acknowledge'],
      ['r', 'resolve'],
      ['n', 'write a note'],
      ['u', 'back to the list'],
    ],
  ],
];

export function Help({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(keysAreOn);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" onClose={onClose} aria-labelledby="help-title">
      <div class="card-head">
        <h2 id="help-title">Keys</h2>
        <div class="tools">
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
      <div class="help-groups">
        {groups.map(([name, keys]) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>{key.split(/\s+/).map((each) => (each === 'then' ? ' then ' : <kbd key={each}>{each}</kbd>))}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check help-switch">
        <input
          type="checkbox"
          checked={on}
          onChange={() => {
            switchKeys(!on);
            setOn(!on);
          }}
        />
        Single keys do something
      </label>
    </dialog>
  );
}
