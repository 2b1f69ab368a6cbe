/** Who is on call: people in turn by day or week, and exceptions. Pure. */

export interface Rota {
  /** In the order of their turns. */
  readonly people: readonly string[];
  /** Length of a turn, days. */
  readonly days: number;
  /** Local midnight of the day of the first turn, ms as if it were UTC. */
  readonly first: number;
  /** Minute of the local day at which the turn passes on. */
  readonly at: number;
  /** Whole turns or days taken over by somebody: local midnights, from the first day to the last. */
  readonly instead: readonly { readonly from: number; readonly to: number; readonly person: string }[];
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * Who is on call at an instant; undefined where nobody is named. A day of an exception begins and ends when turns do.
 * @param local what the clock on the wall shows at an instant, ms as if it were UTC
 * @example onCallAt({ people: ['ana', 'bo'], days: 1, first: 0, at: 540, instead: [] }, 86_400_000 + 8 * 3_600_000, (instant) => instant) // 'ana'
 */
export function onCallAt(
  { people, days, first, at, instead }: Rota,
  instant: number,
  local: (instant: number) => number,
): string | undefined {
  const day = Math.floor((local(instant) - at * minuteMs) / dayMs) * dayMs;
  const exception = instead.find(({ from, to }) => day >= from && day <= to);
  if (exception) return exception.person;
  if (people.length === 0) return undefined;
  const turn = Math.floor((day - first) / (days * dayMs));
  return people[((turn % people.length) + people.length) % people.length];
}
