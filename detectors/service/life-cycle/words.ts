/** What the words of systems mean: standard steps and results. */
import type { LifeCycleSettings } from '../../../core/settings/life-cycle.ts';

/** Words of the field for each standard step. */
export const standardSteps: Readonly<Record<string, readonly string[]>> = {
  ordered: ['order', 'order_created', 'order_placed', 'order_received', 'order_submitted', 'submitted', 'created', 'sale', 'sold'],
  paid: ['payment', 'payment_ok', 'payment_received', 'payment_accepted', 'payment_authorised', 'payment_authorized', 'charged_upfront'],
  activated: ['activation', 'activate', 'active', 'service_activated', 'sim_activated', 'esim_activated', 'subscription_activated'],
  provisioned: [
    'provisioning',
    'provision',
    'hlr_provisioned',
    'hss_provisioned',
    'udm_provisioned',
    'network_provisioned',
    'installed',
    'ont_registered',
  ],
  first_usage: ['first_use', 'first_call', 'first_session', 'first_event'],
  first_charge: ['first_bill', 'first_invoice', 'billed_first'],
  suspended: ['suspend', 'suspension', 'barred', 'blocked'],
  resumed: ['resume', 'restored', 'unbarred', 'reactivated'],
  ceased: ['cease', 'terminated', 'termination', 'disconnected', 'deactivated', 'churned', 'closed'],
  cancelled: ['cancel', 'canceled', 'cancellation', 'order_cancelled', 'order_canceled', 'withdrawn'],
};

/** Words for results; what is none of them and not empty counts as ok. */
export const standardResults = {
  ok: ['ok', 'success', 'successful', 'done', 'completed', 'complete'],
  failed: ['failed', 'failure', 'fail', 'error', 'rejected', 'refused', 'timeout', 'nok', 'ko', 'aborted', 'denied'],
  pending: ['pending', 'in_progress', 'started', 'waiting', 'queued', 'acknowledged'],
} as const;

/** One word and what it means. */
export interface StepWord {
  readonly kind: 'step' | 'result';
  readonly stated: string;
  readonly standard: string;
}

/**
 * A word as it is compared: without capitals, and with _ for spaces and hyphens.
 * @example plainWord('Order-Placed ') // 'order_placed'
 */
export function plainWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

/**
 * Every word that means something else than itself, by kind and word; what the settings say comes before the standard.
 * @example wordsOf({ steps: { activated: ['Go Live'] }, results: {} }).some(({ stated }) => stated === 'go_live') // true
 */
export function wordsOf({ steps, results }: Pick<LifeCycleSettings, 'steps' | 'results'>): readonly StepWord[] {
  const found = new Map<string, StepWord>();
  const take = (kind: StepWord['kind'], standard: string, words: readonly string[]): void => {
    for (const word of words) {
      const stated = plainWord(word);
      const key = `${kind}/${stated}`;
      if (!found.has(key)) found.set(key, { kind, stated, standard });
    }
  };
  for (const [step, words] of Object.entries(steps)) take('step', step, words);
  for (const [step, words] of Object.entries(standardSteps)) take('step', step, [step, ...words]);
  for (const result of ['ok', 'failed', 'pending'] as const) take('result', result, results[result] ?? []);
  for (const [result, words] of Object.entries(standardResults)) take('result', result, words);
  return [...found.values()].sort((a, b) => (`${a.kind}/${a.stated}` < `${b.kind}/${b.stated}` ? -1 : 1));
}

/** A word of the settings that means two things. */
export interface WordProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/** Words that the settings give to more than one step or result. */
export function wordProblems({ steps, results }: Pick<LifeCycleSettings, 'steps' | 'results'>): readonly WordProblem[] {
  const problems: WordProblem[] = [];
  for (const [part, map] of [
    ['steps', steps],
    ['results', results],
  ] as const) {
    const taken = new Map<string, string>();
    for (const [name, words] of Object.entries(map)) {
      for (const word of words ?? []) {
        const other = taken.get(plainWord(word));
        if (other !== undefined && other !== name)
          problems.push({ path: [part, name], message: `${word} means ${other} already`, hint: 'Name each word once.' });
        taken.set(plainWord(word), name);
      }
    }
  }
  return problems;
}
