/**
 * Local times to UTC by IANA zone. Offsets come from the platform's zone data through `Intl`, once per zone and year, into a
 * table of transitions; a lookup within the current stretch costs one comparison.
 *
 * A local time that a change of the clock skips is read with the offset before the change (02:30 becomes 03:30 summer
 * time); one that occurs twice is read as the first of the two. Both as RFC 5545 has it.
 */

const minute = 60_000;
const day = 86_400_000;

export interface Zone {
  /** The UTC instant of a local time, both in ms. Sets `offsetMinutes`. */
  toUtc(local: number): number;
  /** Offset from UTC of the last result, in minutes. */
  offsetMinutes: number;
}

/**
 * The zone of an IANA name or of an offset such as `+02:00`; undefined when there is none of that name.
 * @example zoneNamed('+02:00')?.toUtc(7_200_000) // 0
 */
export function zoneNamed(name: string): Zone | undefined {
  const fixed = fixedOffset(name);
  if (fixed !== undefined) return { offsetMinutes: fixed, toUtc: (local) => local - fixed * minute };
  try {
    return new NamedZone(name);
  } catch {
    return undefined;
  }
}

function fixedOffset(name: string): number | undefined {
  if (name === 'UTC' || name === 'Z' || name === 'GMT') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(name);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > 18 * 60) return undefined;
  return match[1] === '-' ? -minutes : minutes;
}

interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

class NamedZone implements Zone {
  offsetMinutes = 0;
  #from = 0;
  #to = 0;
  #offset = 0;
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly Transition[]>();
  readonly #starts = new Map<number, number>();

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  toUtc(local: number): number {
    if (local < this.#from || local >= this.#to) this.#find(local);
    this.offsetMinutes = this.#offset / minute;
    return local - this.#offset;
  }

  /** Sets the stretch of local times around `local` that share one offset. */
  #find(local: number): void {
    const year = new Date(local).getUTCFullYear();
    // A year's table reaches a day beyond the year on both sides, so a local time near New Year needs no neighbour.
    this.#from = Date.UTC(year, 0, 1);
    this.#to = Date.UTC(year + 1, 0, 1);
    const transitions = this.#transitions(year);
    this.#offset = this.#starts.get(year)!;
    for (const { at, before, after } of transitions) {
      // Up to this local time the earlier offset holds: in a gap and in an overlap alike.
      const until = at + Math.max(before, after);
      if (local < until) {
        this.#to = Math.min(this.#to, until);
        return;
      }
      this.#from = Math.max(this.#from, until);
      this.#offset = after;
    }
  }

  #transitions(year: number): readonly Transition[] {
    const known = this.#years.get(year);
    if (known) return known;
    const found: Transition[] = [];
    const end = Date.UTC(year + 1, 0, 2);
    let at = Date.UTC(year, 0, 1) - day;
    let offset = this.#offsetAt(at);
    this.#starts.set(year, offset);
    for (let next = at + day; next <= end; at = next, next += day) {
      const after = this.#offsetAt(next);
      if (after !== offset) found.push({ at: this.#change(at, next, offset), before: offset, after });
      offset = after;
    }
    // Hostile files may name any year: keep few tables.
    if (this.#years.size > 64) this.#years.clear();
    this.#years.set(year, found);
    return found;
  }

  /** The first minute at which the offset is no longer `before`. */
  #change(low: number, high: number, before: number): number {
    let from = low;
    let to = high;
    while (to - from > minute) {
      const middle = from + Math.floor((to - from) / 2 / minute) * minute;
      if (this.#offsetAt(middle) === before) from = middle;
      else to = middle;
    }
    return to;
  }

  #offsetAt(instant: number): number {
    let [year, month, date, hour, min, second] = [0, 0, 0, 0, 0, 0];
    for (const { type, value } of this.#format.formatToParts(instant)) {
      if (type === 'year') year = Number(value);
      else if (type === 'month') month = Number(value);
      else if (type === 'day') date = Number(value);
      else if (type === 'hour') hour = Number(value);
      else if (type === 'minute') min = Number(value);
      else if (type === 'second') second = Number(value);
    }
    // Offsets with seconds ended around 1972; whole minutes are what the column can hold.
    return Math.round((Date.UTC(year, month - 1, date, hour, min, second) - instant) / minute) * minute;
  }
}
