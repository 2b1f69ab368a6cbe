/** An instant: UTC to read, the browser's own time on hover. */
import { ago, instant } from '../core/format.ts';

interface TimeProps {
  readonly at: string | null | undefined;
  /** `ago`: how long ago; `full`: day and time. */
  readonly as?: 'ago' | 'full';
}

export function Time({ at, as = 'full' }: TimeProps) {
  if (!at) return <span class="muted">–</span>;
  const date = new Date(at);
  const local = `${date.toLocaleString('en-GB')} local time`;
  const title = as === 'ago' ? `${instant(at)} · ${local}` : local;
  return (
    <time dateTime={at} title={title}>
      {as === 'ago' ? ago(at) : instant(at)}
    </time>
  );
}
