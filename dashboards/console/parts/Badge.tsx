/** Severity and state, in words and colour: never in colour alone. */
import { severityName, wordOf } from '../core/format.ts';

export function Severity({ of }: { readonly of: number }) {
  return <span class={`severity s${of}`}>{severityName(of)}</span>;
}

const tones: Readonly<Record<string, string>> = {
  open: 'bad',
  violation: 'bad',
  breached: 'bad',
  mismatch: 'bad',
  acknowledged: 'warn',
  in_progress: 'warn',
  waiting: 'warn',
  at_risk: 'warn',
  resolved: 'good',
  ok: 'good',
  done: 'good',
  met: 'good',
  quiet: 'good',
};

/** A state with its dot. */
export function State({ of, text }: { readonly of: string; readonly text?: string }) {
  return <span class={`state ${tones[of] ?? 'plain'}`}>{text ?? wordOf(of)}</span>;
}
