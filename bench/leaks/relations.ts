/** Which legs a leak and an alarm are about, and which controls rightly tell of a leak that another has to find. */
import type { Truth } from '../../simulator/index.ts';
import type { Alarm } from './alarms.ts';

/** Legs of the feeds of the simulated operator. */
const legOfSource: Readonly<Record<string, string>> = {
  'msc-1': 'switch',
  'msc-2': 'switch',
  smsc: 'switch',
  pgw: 'switch',
  mediation: 'mediation',
  rating: 'rating',
  billing: 'billing',
  'host-wholesale': 'mno_wholesale',
};

const comparisons: Readonly<Record<string, readonly string[]>> = {
  'switch-mediation': ['switch', 'mediation'],
  'switch-rating': ['switch', 'rating'],
  'rating-billing': ['rating', 'billing'],
  'retail-wholesale': ['rating', 'mno_wholesale'],
};

function legs(scope: Readonly<Record<string, string>>): readonly string[] {
  const { leg, source, from, to, comparison, stage } = scope;
  return [leg, source && legOfSource[source], from, to, stage, ...(comparisons[comparison ?? ''] ?? [])].filter(
    (each) => !!each,
  ) as string[];
}

/** Legs that a leak lies in; none = not known. */
export const legsOfTruth = ({ scope }: Truth): readonly string[] => legs(scope);

/** Legs that an alarm looks at; none = not usage. */
export const legsOfAlarm = ({ scope }: Pick<Alarm, 'scope'>): readonly string[] => legs(scope);

/** Controls that sum or match usage: whatever takes records away, adds or changes them, moves these. */
const sums = ['S07', 'S08', 'S09'];

/**
 * Controls whose alarm is true about a leak although it is another's to find: the records that a missing file held are missing between two legs, too.
 * An alarm of any other control about such records is false.
 */
const relations: Readonly<Record<string, readonly string[]>> = {
  S01: ['S02', 'S04', 'S05', ...sums],
  S02: ['S01', 'S04', 'S05', ...sums],
  S03: ['S04', 'S05', ...sums],
  S04: ['S05', ...sums],
  S05: sums,
  S06: sums,
  S07: ['S08', 'S09'],
  S08: ['S07', 'S09'],
  S09: ['S08', 'S07', 'N06'],
  S10: ['S10', ...sums],
  S11: ['S02', ...sums],
  S12: ['S12', 'S04', ...sums],
  S13: ['S14', 'N05', ...sums],
  S14: ['S13', 'N05', ...sums],
  S15: ['S16'],
  S16: ['S15'],
  S19: ['S13', 'S14', ...sums],
  S20: ['S11', ...sums],
  N02: [],
  N05: ['S13', 'S14', ...sums],
  N06: ['S09', 'S08', 'S07'],
  N12: [],
};

export const related = (control: string): readonly string[] => relations[control] ?? [];
