/** Figures and instants as people read them in summaries. */

/**
 * @example utc(Date.UTC(2026, 10, 21, 10, 15)) // '2026-11-21 10:15 UTC'
 */
export function utc(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * A count with its noun.
 * @example counted(2, 'file') // '2 files'
 */
export function counted(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * A number with at most two decimals, thousands set apart.
 * @example figure(71200.456) // '71,200.46'
 */
export function figure(value: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(2).split('.') as [string, string];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === '00' ? grouped : `${grouped}.${fraction}`;
  return value < 0 && text !== '0' ? `-${text}` : text;
}

/**
 * A ratio in percent, with as many digits as a small one needs.
 * @param digits significant ones
 * @example percent(0.0042) // '0.42 %'
 */
export function percent(ratio: number, digits = 3): string {
  return `${Number((ratio * 100).toPrecision(digits))} %`;
}

/**
 * A length of time in its two largest units.
 * @example lasting(8_100_000) // '2 h 15 min'
 */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
