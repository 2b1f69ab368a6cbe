/** Keys that move the focus from incident to incident. A key counts from where the one before it leads, not from where the screen already is. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Keys } from '../core/keys.ts';
import type { IncidentSummary } from '../core/types.ts';
import { placeOf, type RowCursor } from './row-cursor.ts';

/** What covers the upper edge of the window: bar and heading of the table, px. */
const covered = 130;

interface RowFocus {
  readonly keys: Keys;
  /** Hears of a focus that came otherwise: by a pointer, by Tab. */
  readonly seen: (event: FocusEvent) => void;
}

/** @param height of a row, px */
export function useRowFocus(body: RefObject<HTMLElement | null>, items: readonly IncidentSummary[], height: number): RowFocus {
  const cursor = useRef<RowCursor | undefined>(undefined);
  /** A row that is not drawn yet shall have the focus once it is. */
  const wanted = useRef(false);
  /** As it is drawn: a key that comes while new ones are on their way is meant for what was seen. */
  const drawn = useRef({ ids: [] as readonly string[], height });
  const ids = useMemo(() => items.map(({ incident_id }) => incident_id), [items]);

  const focus = useMemo(() => {
    const now = (): number => placeOf(drawn.current.ids, cursor.current);
    const settle = (): void => {
      const row = body.current?.querySelector<HTMLElement>(`[data-row="${now()}"]`);
      if (!row) return;
      wanted.current = false;
      row.focus({ preventScroll: true });
    };
    const move = (index: number): void => {
      const { ids: all, height: each } = drawn.current;
      const list = body.current;
      if (!list || all.length === 0) return;
      const at = Math.max(0, Math.min(all.length - 1, index));
      cursor.current = { index: at, id: all[at]! };
      wanted.current = true;
      const top = list.getBoundingClientRect().top + at * each;
      if (top < covered) scrollBy(0, top - covered);
      else if (top + each > innerHeight) scrollBy(0, top + each - innerHeight);
      settle();
    };
    const keys: Keys = {
      j: () => move(now() + 1),
      k: () => move(now() - 1),
      Home: () => move(0),
      End: () => move(drawn.current.ids.length - 1),
    };
    const seen = ({ target }: FocusEvent): void => {
      const index = Number((target as HTMLElement).dataset['row'] ?? Number.NaN);
      const id = drawn.current.ids[index];
      if (id === undefined) return;
      wanted.current = false;
      cursor.current = { index, id };
    };
    return { keys, seen, settle };
  }, [body]);

  // Drawing takes the focus from a row that changes its place.
  const held = body.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    drawn.current = { ids, height };
    if (wanted.current || (held && !body.current?.contains(document.activeElement))) focus.settle();
  });
  return focus;
}
