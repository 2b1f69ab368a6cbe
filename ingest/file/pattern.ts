/**
 * File name patterns as in a shell: `*` any run, `?` one character, several separated by commas. Linear time in practice and
 * never exponential: a hostile name cannot stall the scan.
 * @example matchesPattern('msc-1_0001.csv', 'msc-*.csv,*.json') // true
 */
export function matchesPattern(name: string, pattern: string): boolean {
  return pattern.split(',').some((one) => matches(name, one.trim()));
}

function matches(name: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let mark = 0;
  while (at < name.length) {
    if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[at]) && pattern[p] !== '*') {
      at++;
      p++;
    } else if (pattern[p] === '*') {
      star = p++;
      mark = at;
    } else if (star >= 0) {
      p = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * The sequence number in a file name by a pattern in which `{sequence}` stands for the digits; undefined when the name does not fit
 * or the digits are not a safe integer.
 * @example sequenceOf('msc-1_000123_20261120.csv', 'msc-1_{sequence}_*.csv') // 123
 */
export function sequenceOf(name: string, pattern: string): number | undefined {
  const [before = '', after = ''] = pattern.split('{sequence}', 2);
  for (let start = 0; start < name.length; start++) {
    if (!isDigit(name, start) || (start > 0 && isDigit(name, start - 1))) continue;
    let end = start;
    while (isDigit(name, end)) end++;
    if (matches(name.slice(0, start), before) && matches(name.slice(end), after)) {
      const value = Number(name.slice(start, end));
      return Number.isSafeInteger(value) ? value : undefined;
    }
  }
  return undefined;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
