/** Prefixes with a time in them: what is listed of an archive of years is what the last hours can have brought. */

/**
 * The prefixes of the last hours, oldest first; the text itself where it names no time.
 * @example prefixesOf('cdr/{YYYY}/{MM}/{DD}/', Date.UTC(2026, 10, 1, 5), 24) // ['cdr/2026/10/31/', 'cdr/2026/11/01/']
 */
export function prefixesOf(prefix: string, now: number, lookbackHours: number): readonly string[] {
  const found = new Set<string>();
  for (let at = now - lookbackHours * 3_600_000; at < now; at += 3_600_000) found.add(timed(prefix, at));
  // One hour further: a clock over there that is ahead has its hour already.
  for (const at of [now, now + 3_600_000]) if (prefix.includes('{')) found.add(timed(prefix, at));
  return [...found].filter((one, index, all) => all.indexOf(one) === index);
}

function timed(prefix: string, instant: number): string {
  const [date = '', time = ''] = new Date(instant).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return prefix.replaceAll('{YYYY}', year).replaceAll('{MM}', month).replaceAll('{DD}', day).replaceAll('{hh}', time.slice(0, 2));
}
