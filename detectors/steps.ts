/** Steps of a runbook as text: one is a paragraph, several are a numbered list. */

/**
 * @example stepsText(['Look.', 'Mend.']) // '1. Look.\n2. Mend.'
 * @example stepsText('Look.') // 'Look.'
 */
export function stepsText(steps: string | readonly string[]): string {
  if (typeof steps === 'string') return steps;
  return steps.length === 1 ? steps[0]! : steps.map((step, at) => `${at + 1}. ${step}`).join('\n');
}
