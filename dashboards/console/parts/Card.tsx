/** A part of a page with its heading, and what can be done with it at the right. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface CardProps {
  readonly title: string;
  /** Shown beside the heading, in small. */
  readonly note?: ComponentChildren;
  /** Buttons at the right. */
  readonly tools?: ComponentChildren;
  /** Without space around it: for tables. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

export function Card({ title, note, tools, flush = false, children }: CardProps) {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {note ? <span class="muted small">{note}</span> : null}
        {tools ? <div class="tools">{tools}</div> : null}
      </div>
      <div class={flush ? 'card-flush' : 'card-body'}>{children}</div>
    </section>
  );
}
