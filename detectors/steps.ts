/** A text and the steps that follow it. */

/**
 * @example stepsText('Look.', ['Here.', 'There.']) // 'Look.\n\n1. Here.\n2. There.'
 */
export function stepsText(text: string, steps: readonly string[] = []): string {
  return steps.length === 0 ? text : `${text}\n\n${steps.map((step, at) => `${at + 1}. ${step}`).join('\n')}`;
}
