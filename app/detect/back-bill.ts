/** How long a leak can be billed or disputed, by control. */
import type { Settings } from '../../core/settings/index.ts';

/**
 * Days by identity of a control or detector; 0 = no limit.
 * @example backBillDaysOf({ money: { backBillDays: 180 }, controls: { S09: { backBillDays: 90 } } })('S09') // 90
 */
export function backBillDaysOf({
  money,
  controls,
}: {
  readonly money: Settings['money'];
  readonly controls: Readonly<Record<string, { readonly backBillDays?: number }>>;
}): (identity: string) => number {
  return (identity) => controls[identity]?.backBillDays ?? money.backBillDays;
}
