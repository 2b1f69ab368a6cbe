/** What stands where data should stand: an error, that it is loaded, or that there is none. */
import type { ComponentChildren } from 'preact';

export function Problem({ text }: { readonly text: string }) {
  return (
    <div class="notice" role="alert">
      {text}
    </div>
  );
}

/** Grey lines in the place of what comes. */
export function Loading({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="hidden-visually">Loading…</span>
      {Array.from({ length: lines }, (_, at) => (
        <span class="line" key={at} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
