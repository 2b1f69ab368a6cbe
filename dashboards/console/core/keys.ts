/** Keys that do something: single ones, and a letter after `g`. Never while somebody writes, and never where somebody has switched them off. */
import { useEffect } from 'preact/hooks';

export type Keys = Readonly<Record<string, () => void>>;

const key = 'weir-keys';

/** Whether single keys do something. Who speaks to the computer, or presses keys by accident, switches them off. */
export function keysAreOn(): boolean {
  try {
    return localStorage.getItem(key) !== 'off';
  } catch {
    return true;
  }
}

export function switchKeys(on: boolean): void {
  try {
    localStorage.setItem(key, on ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing has them on.
  }
}

const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || isField(target));

const isField = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);

let goes = Number.NEGATIVE_INFINITY;

/**
 * Does what belongs to a key while the component is there. `g i` is a key that follows `g` within a second and a half.
 * @example useKeys({ j: next, '/': find, 'g i': home })
 */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('dialog[open]')) return;
      if (writes(event.target)) {
        if (event.key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      if (!keysAreOn()) return;
      const follows = event.timeStamp - goes < 1500;
      const found = keys[follows ? `g ${event.key}` : event.key];
      if (event.key === 'g') goes = event.timeStamp;
      if (!found) return;
      goes = Number.NEGATIVE_INFINITY;
      event.preventDefault();
      found();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [keys]);
}
