/** Compares incidents with what was planted: found, how soon, how many customers; and what is about nothing. */
import type { Truth } from '../../simulator/index.ts';

/** An incident as it was told. */
export interface Told {
  readonly id: string;
  readonly openedAt: number;
  readonly detector: string;
  readonly title: string;
  readonly summary: string;
  readonly scope: Readonly<Record<string, string>>;
  /** Customers of its last word. */
  readonly customers: number;
  /** Became part of another. */
  readonly merged: boolean;
}

export interface FaultScore {
  readonly truth: Truth;
  readonly incident: Told | undefined;
  /** ms from the start of the first affected minute to the incident. */
  readonly delayMs: number;
  /** The same from the minute in which a fault that grows is large enough to matter; of others the same as `delayMs`. Below 0: before it. */
  readonly materialDelayMs: number;
  /** Customers counted less those of the truth, over the latter. */
  readonly customersError: number;
}

export interface Score {
  readonly faults: readonly FaultScore[];
  readonly falseOnes: readonly Told[];
  /** About a fault, but not put at its place. */
  readonly related: number;
}

const minute = 60_000;
/** A fault may be told until so long after its end. */
const graceMs = 20 * minute;
/** Labels that say where something was measured. */
const neutral = new Set(['leg', 'service', 'direction', 'metric', 'detector', 'unit']);

/** Whether a label names something that is part of the place of a fault, as a cell is of its site. */
export type PartOf = (name: string, value: string, truth: Truth) => boolean;

const noPart: PartOf = () => false;

/** Whether the labels are about the place of a fault: each is one of its own, a part of it, or a device behind its PON; at least one. */
export function fits(scope: Readonly<Record<string, string>>, truth: Truth, partOf: PartOf = noPart): boolean {
  const own = Object.entries(scope).filter(([name, value]) => !neutral.has(name) && value !== '');
  return own.length > 0 && own.every(([name, value]) => isOf(name, value, truth, partOf));
}

function isOf(name: string, value: string, truth: Truth, partOf: PartOf): boolean {
  if (truth.scope[name] === value || partOf(name, value, truth)) return true;
  const pon = truth.scope['pon'];
  return pon !== undefined && (name === 'ont' || name === 'device') && value.startsWith(`${pon}/`);
}

/** Whether it may come from a fault although it names no place. */
const mayCome = (scope: Readonly<Record<string, string>>): boolean =>
  Object.entries(scope).every(([name, value]) => neutral.has(name) || value === '');

/** How exactly an incident names the place: the more labels the better, a device of it less than the place itself. */
const exactness = (scope: Readonly<Record<string, string>>, truth: Truth): number =>
  Object.entries(scope).filter(([name, value]) => truth.scope[name] === value).length;

/** @param seenTo how far it was watched, ms: a fault that was not over by then is neither found nor missed, but incidents may be about it */
export function score(
  told: readonly Told[],
  truths: readonly Truth[],
  partOf: PartOf = noPart,
  seenTo: number = Number.POSITIVE_INFINITY,
): Score {
  const all = truths.filter(({ nature }) => nature === 'fault');
  const faults = all.filter(({ to }) => to <= seenTo);
  const standing = told.filter(({ merged }) => !merged);
  const during = ({ openedAt }: Told, { from, to }: Truth): boolean => openedAt >= from - minute && openedAt <= to + graceMs;
  const scored = faults.map((truth): FaultScore => {
    const own = told.filter((each) => during(each, truth) && fits(each.scope, truth, partOf));
    const kept = own.filter(({ merged }) => !merged);
    const incident = [...kept].sort((a, b) => exactness(b.scope, truth) - exactness(a.scope, truth) || a.openedAt - b.openedAt)[0];
    const first = Math.min(...own.map(({ openedAt }) => openedAt));
    const minuteOf = (at: number): number => Math.floor(at / minute) * minute;
    const firstAt = truth.firstAt ?? truth.from;
    const materialAt = Math.max(firstAt, truth.materialAt ?? firstAt);
    return {
      truth,
      incident,
      delayMs: incident ? first - minuteOf(firstAt) : Number.NaN,
      materialDelayMs: incident ? first - minuteOf(materialAt) : Number.NaN,
      customersError: incident && truth.customers ? (incident.customers - truth.customers) / truth.customers : Number.NaN,
    };
  });
  const foundIds = new Set(scored.flatMap(({ incident }) => incident?.id ?? []));
  const others = standing.filter(({ id }) => !foundIds.has(id));
  const isRelated = (each: Told): boolean =>
    all.some((truth) => during(each, truth) && (fits(each.scope, truth, partOf) || mayCome(each.scope)));
  return { faults: scored, falseOnes: others.filter((each) => !isRelated(each)), related: others.filter(isRelated).length };
}
