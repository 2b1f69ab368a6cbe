/** Of a long list only the rows that are in sight, by the scrolling of the page; all rows have one height. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Rows {
  /** First row that is drawn, and the first after the last. */
  readonly from: number;
  readonly to: number;
  /** Space for the rows before and after them, px. */
  readonly before: number;
  readonly after: number;
}

/** Rows beyond the edge of the window that are drawn already: a fast wheel does not outrun them. */
const margin = 14;
/** The window moves in steps of so many rows: drawing is not repeated for each pixel. */
const step = 7;

/**
 * The rows to draw.
 * @example windowOf(1000, 50, 5000, 500) // { from: 84, to: 126 }
 * @param offset px of the list above the upper edge of the window
 */
export function windowOf(count: number, height: number, offset: number, view: number): { readonly from: number; readonly to: number } {
  const first = Math.floor(Math.max(0, offset) / height) - margin;
  const from = Math.max(0, Math.floor(first / step) * step);
  const shown = Math.ceil(view / height) + 2 * margin + step;
  const to = Math.min(count, Math.ceil((from + shown) / step) * step);
  return { from: Math.min(from, to), to };
}

export function useRows(list: RefObject<HTMLElement | null>, count: number, height: number): Rows {
  const [{ from, to }, setWindow] = useState({ from: 0, to: Math.min(count, 3 * step) });
  useLayoutEffect(() => {
    const measure = (): void => {
      if (!list.current) return;
      const next = windowOf(count, height, -list.current.getBoundingClientRect().top, innerHeight);
      setWindow((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [list, count, height]);
  const last = Math.min(to, count);
  const first = Math.min(from, last);
  return { from: first, to: last, before: first * height, after: (count - last) * height };
}
