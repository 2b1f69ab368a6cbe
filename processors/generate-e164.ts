/**
 * Writes `e164-prefixes.ts` from the metadata of libphonenumber-js (a development dependency; the facts are those of ITU-T E.164
 * national numbering plans): `npx tsx processors/generate-e164.ts > processors/e164-prefixes.ts`.
 *
 * Of each country's pattern remain the lengths that are possible behind each pair of leading digits: small, answered without a
 * regular expression, and close enough (the test measures how close).
 */
import metadata from 'libphonenumber-js/max/metadata';

/** A country's row in the metadata: see `source/metadata.js` there for the positions. */
type Row = readonly unknown[];

/** Strings of a pattern, seen as pairs of leading digits and length. */
type Shapes = Map<string, Shape>;
interface Shape {
  readonly lead: string;
  readonly length: number;
}

/** What a pattern can match, cut to `depth` leading digits. Patterns hold digits, classes, groups, alternatives and counts only. */
function shapes(pattern: string, depth: number): Shapes {
  let at = 0;
  const alternatives = (): Shapes => {
    const all: Shapes = new Map();
    let sequence = start();
    for (;;) {
      const next = pattern[at];
      if (next === undefined || next === ')' || next === '|') {
        for (const [key, shape] of sequence) all.set(key, shape);
        if (next !== '|') return all;
        at += 1;
        sequence = start();
      } else {
        sequence = join(sequence, counted(atom()), depth);
      }
    }
  };
  const atom = (): Shapes => {
    const next = pattern[at]!;
    if (next === '(') {
      at += pattern.startsWith('(?:', at) ? 3 : 1;
      const inner = alternatives();
      at += 1;
      return inner;
    }
    if (next === '[') {
      const end = pattern.indexOf(']', at);
      const inside = pattern.slice(at + 1, end);
      at = end + 1;
      return digits(expandClass(inside));
    }
    if (next === '\\') {
      if (pattern[at + 1] !== 'd') throw new Error(`unknown escape in ${pattern}`);
      at += 2;
      return digits('0123456789');
    }
    if (next < '0' || next > '9') throw new Error(`unknown sign ${next} in ${pattern}`);
    at += 1;
    return digits(next);
  };
  const counted = (one: Shapes): Shapes => {
    let low = 1;
    let high = 1;
    if (pattern[at] === '?') {
      low = 0;
      at += 1;
    } else if (pattern[at] === '{') {
      const end = pattern.indexOf('}', at);
      const [from, to] = pattern.slice(at + 1, end).split(',');
      low = Number(from);
      high = to === undefined ? low : Math.min(Number(to), 18);
      at = end + 1;
    }
    const all: Shapes = new Map();
    let repeated = start();
    for (let count = 0; count <= high; count += 1) {
      if (count >= low) for (const [key, shape] of repeated) all.set(key, shape);
      repeated = join(repeated, one, depth);
    }
    return all;
  };
  return alternatives();
}

function expandClass(inside: string): string {
  let out = '';
  for (let i = 0; i < inside.length; i += 1) {
    if (inside[i] === '\\') return '0123456789';
    if (inside[i + 1] === '-') {
      for (let digit = Number(inside[i]); digit <= Number(inside[i + 2]); digit += 1) out += digit;
      i += 2;
    } else out += inside[i];
  }
  return out;
}

const start = (): Shapes => new Map([['/0', { lead: '', length: 0 }]]);

function digits(set: string): Shapes {
  return new Map([...set].map((digit) => [`${digit}/1`, { lead: digit, length: 1 }]));
}

function join(first: Shapes, second: Shapes, depth: number): Shapes {
  const all: Shapes = new Map();
  for (const one of first.values())
    for (const other of second.values()) {
      const length = one.length + other.length;
      if (length > 18) continue;
      const lead = one.length >= depth ? one.lead : (one.lead + other.lead).slice(0, depth);
      all.set(`${lead}/${length}`, { lead, length });
    }
  return all;
}

/** Bit n of a pair's mask = a national number of n digits may begin so; run-length coded: `mask*count` in base 36. */
function lengthMasks(pattern: string): string {
  const masks = new Array<number>(100).fill(0);
  for (const { lead, length } of shapes(pattern, 2).values()) {
    if (lead.length < 2 || length > 17) continue;
    masks[Number(lead)]! |= 2 ** length;
  }
  const runs: string[] = [];
  for (let i = 0; i < 100; ) {
    let end = i;
    while (end < 100 && masks[end] === masks[i]) end += 1;
    runs.push(end - i === 1 ? masks[i]!.toString(36) : `${masks[i]!.toString(36)}*${(end - i).toString(36)}`);
    i = end;
  }
  return runs.join(' ');
}

/** Every international prefix that can be written out; the rest is covered by 00. */
function internationalPrefixes(pattern: string): string[] {
  const all = [...shapes(pattern.replaceAll('~', ''), 12).values()]
    .filter(({ lead, length }) => lead.length === length)
    .map(({ lead }) => lead);
  return all.length > 40 ? ['00'] : all.sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
}

/** The trunk prefix and what else may stand for it, longest first. Patterns that rearrange digits are left out: carrier codes, old forms. */
function trunkPrefixes(row: Row): string[] {
  if (typeof row[5] !== 'string') return [];
  const all = new Set([row[5]]);
  const parsing = row[7];
  if (typeof parsing === 'string' && !/\((?!\?:)/.test(parsing))
    for (const { lead, length } of shapes(parsing, 8).values()) if (lead.length === length && length > 0 && all.size < 6) all.add(lead);
  return [...all].sort((one, other) => other.length - one.length);
}

/** Whether some national numbers are ordinarily written without the trunk prefix. Formats may stand with the main country of the calling code. */
function writtenBare(row: Row, main: Row | undefined): boolean {
  if (typeof row[5] !== 'string') return true;
  if (row[6]) return false;
  const formats = (row[4] || main?.[4] || []) as readonly (readonly unknown[])[];
  return formats.length === 0 || formats.some((format) => !String(format[3] || '').includes(row[5] as string));
}

const countries = metadata.countries as unknown as Record<string, Row>;
const codes = metadata.country_calling_codes as unknown as Record<string, readonly string[]>;

const rows: string[] = [];
for (const [code, members] of Object.entries(codes))
  for (const country of members) {
    const row = countries[country] ?? (metadata.nonGeographic as unknown as Record<string, Row>)[code];
    if (!row) continue;
    const idd = typeof row[1] === 'string' ? internationalPrefixes(row[1]) : [];
    const bare = writtenBare(row, countries[members[0]!]) ? 'bare' : '';
    rows.push([country, code, trunkPrefixes(row).join(' '), bare, idd.join(' '), lengthMasks(String(row[2]))].join(','));
  }
for (const [code, row] of Object.entries(metadata.nonGeographic as unknown as Record<string, Row>))
  if (!codes[code]?.some((country) => countries[country])) rows.push(['001', code, '', '', '', lengthMasks(String(row[2]))].join(','));

/** Leading digits, behind a shared calling code, of numbers that belong to one of its smaller countries alone. */
function territories(code: string, members: readonly string[]): string[] {
  const geographic = (country: string): Set<string> => {
    const types = (countries[country]?.[11] ?? []) as readonly (readonly unknown[] | 0)[];
    const found = new Set<string>();
    for (const type of types.slice(0, 2)) {
      if (!type || typeof type[0] !== 'string') continue;
      for (const { lead } of shapes(type[0], 4).values()) found.add(lead);
    }
    return found;
  };
  const leads = new Map<string, string>();
  for (const country of members) for (const lead of geographic(country)) leads.set(lead, leads.has(lead) ? '' : country);
  return merge(leads, members[0]!).map(([lead, country]) => `${code}${lead}${country}`);
}

/** Ten sisters of the same country become their common beginning; what belongs to the main country or to several is left out. */
function merge(leads: Map<string, string>, main: string): [string, string][] {
  let level = leads;
  const out: [string, string][] = [];
  for (let length = 4; length > 1; length -= 1) {
    const shorter = new Map<string, string>();
    for (const [lead, country] of level) {
      const parent = lead.slice(0, -1);
      const sisters = [...'0123456789'].map((digit) => level.get(parent + digit)).filter((value) => value !== undefined);
      if (sisters.every((value) => value === country) && country !== '') shorter.set(parent, country);
      else if (country !== '' && country !== main) out.push([lead, country]);
    }
    level = shorter;
  }
  for (const [lead, country] of level) if (country !== main) out.push([lead, country]);
  return out.sort(([one], [other]) => (one < other ? -1 : 1));
}

const shared = Object.entries(codes)
  .filter(([, members]) => members.length > 1)
  .flatMap(([code, members]) => territories(code, members));

console.log(`/**
 * Generated by generate-e164.ts from numbering plans as libphonenumber-js states them. Do not edit.
 * Countries: ISO code, calling code, trunk prefixes, "bare" where national numbers are also written without one, international
 * prefixes, and for each pair of leading digits 00 … 99 a mask of
 * possible lengths (bit n = n digits), in base 36, run-length coded.
 */
export const countryRows: readonly string[] = [
${rows.map((row) => `  '${row}',`).join('\n')}
];

/** Calling code, leading digits and country where a calling code is shared. */
export const territoryPrefixes =
  '${shared.join(' ')}';`);
