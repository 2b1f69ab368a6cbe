/** The learned level of one series by time of day and of week; figures lie in the bank's Float32 row. Times are epoch seconds. */
import {
  BLOCK_SUM,
  BLOCK_WEIGHT,
  BUCKET_COUNT,
  BUCKET_SUM,
  PROFILE,
  PROFILE_BUCKETS,
  SEASONAL_ROWS,
  STEP,
  WEEK,
  WEEK_BLOCKS,
} from './layout.ts';

const DAY = 86_400;
const BUCKET_SECONDS = DAY / PROFILE_BUCKETS;
const BLOCK_SECONDS = (7 * DAY) / WEEK_BLOCKS;
/** 1970 began on a Thursday: blocks count from Monday 00:00. */
const THURSDAY_BLOCKS = 24;
const DAY_BLOCKS = WEEK_BLOCKS / 7;

/** Seconds since midnight UTC, also for times before 1970. */
export const secondOfDay = (time: number): number => time - Math.floor(time / DAY) * DAY;

/** Place in the week, in blocks from Monday 00:00; without the remainder operator, which costs more than the rest. */
const blockPosition = (time: number): number => {
  const position = time / BLOCK_SECONDS + THURSDAY_BLOCKS;
  return position - WEEK_BLOCKS * Math.floor(position / WEEK_BLOCKS);
};

/** Number of the quarter hour of the day, 0-95. */
const bucketOf = (time: number): number => Math.floor(secondOfDay(time) / BUCKET_SECONDS);

/** Number of the block of the week, 0-55; `days` later. */
export const blockOf = (time: number, days = 0): number => Math.floor(blockPosition(time + days * DAY));

/**
 * Deviation of the week's block, `days` later. Of a count it is a share of the profile and steps from block to block: a weekend that halves the calls does so
 * at midnight. Other values may be flat, and their deviation is interpolated between block centres.
 */
export function weekDeviation(state: Float32Array, row: number, time: number, days: number, counting: boolean): number {
  if (counting) return state[row + WEEK + blockOf(time, days)]!;
  const position = blockPosition(time + days * DAY - 0.5 * BLOCK_SECONDS);
  const left = Math.floor(position);
  const share = position - left;
  return state[row + WEEK + left]! * (1 - share) + state[row + WEEK + ((left + 1) % WEEK_BLOCKS)]! * share;
}

/** Mean deviation of the eight blocks of the day that holds a block. */
export function dayDeviation(state: Float32Array, row: number, block: number): number {
  const first = row + WEEK + DAY_BLOCKS * Math.floor(block / DAY_BLOCKS);
  let sum = 0;
  for (let at = first; at < first + DAY_BLOCKS; at++) sum += state[at]!;
  return sum / DAY_BLOCKS;
}

/** What the time of day lets expect, or NaN where no profile is known yet. Interpolates between the centres of what each quarter hour saw. */
export function profileAt(state: Float32Array, row: number, time: number): number {
  const centre = 0.5 * Math.min(state[row + STEP]!, BUCKET_SECONDS);
  const position = (secondOfDay(time) + centre) / BUCKET_SECONDS + PROFILE_BUCKETS - 0.5;
  const left = Math.floor(position);
  const share = position - left;
  const a = state[row + PROFILE + (left % PROFILE_BUCKETS)]!;
  // A neighbour does not speak for a quarter hour that was not seen and whose centre is asked for.
  if (share < 0.01) return a;
  const b = state[row + PROFILE + ((left + 1) % PROFILE_BUCKETS)]!;
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + share * (b - a);
}

/** Until a quarter hour was seen on two days, one sight of it may be of a feed that had just begun, or of a burst: no habit yet. */
const ONE_SIGHT_DAYS = 2;
/** Such a sight is dropped when the next lies this many times off on the square-root scale, four times in counts, and a bit. */
const ODD_FACTOR = 2;
const ODD_MARGIN = 6;

/**
 * Forgets what a count's profile says of a quarter hour that was seen once and is far off now. Kept, its error would teach level and week: a feed whose first
 * hours brought only the ends of long sessions would let expect nothing at all at some hours of the week, for weeks.
 * @param value the transformed count
 * @param days since the first row
 */
export function dropOddSight(state: Float32Array, row: number, time: number, value: number, days: number): void {
  if (!(days < ONE_SIGHT_DAYS)) return;
  const slot = row + PROFILE + bucketOf(time);
  const seen = state[slot]!;
  if (value > ODD_FACTOR * seen + ODD_MARGIN || seen > ODD_FACTOR * value + ODD_MARGIN) state[slot] = Number.NaN;
}

/**
 * Days before the week is learned: a quarter hour that the series began in the middle of, or whose neighbours are not known yet, would make a
 * share of next to nothing, which the block then keeps for weeks.
 */
const SETTLED_DAYS = 1.25;

/** Puts the quarter hour that ended into the profile. */
function closeBucket(state: Float32Array, row: number, bucket: number, gain: number): void {
  const count = state[row + BUCKET_COUNT]!;
  if (count > 0) {
    const slot = row + PROFILE + bucket;
    const mean = state[row + BUCKET_SUM]! / count;
    state[slot] = Number.isNaN(state[slot]!) ? mean : state[slot]! + gain * mean;
  }
  state[row + BUCKET_SUM] = 0;
  state[row + BUCKET_COUNT] = 0;
}

/** Puts the block of the week that ended into the week: the first week counts whole, then each less, down to 0.15. */
function closeBlock(state: Float32Array, row: number, block: number, days: number): void {
  const weight = state[row + BLOCK_WEIGHT]!;
  if (weight > 0) {
    const slot = row + WEEK + block;
    state[slot] = state[slot]! + (Math.max(0.15, 1 / (Math.floor(days / 7) + 1)) * state[row + BLOCK_SUM]!) / weight;
  }
  state[row + BLOCK_SUM] = 0;
  state[row + BLOCK_WEIGHT] = 0;
}

/**
 * Teaches the profile one row.
 * @param previous time of the row learned before, NaN for none
 * @param value the transformed value, used where the quarter hour is new
 * @param shapeError cut residual against profile and slow level
 * @param weekError cut residual against profile and week level
 * @param regressor what a week's deviation is a share of: the profile of a count, else 1
 * @param seasonal whether a profile was known
 * @param days days since the first row
 * @param least least share of a new day in the profile
 */
export function learnProfile(
  state: Float32Array,
  row: number,
  time: number,
  previous: number,
  value: number,
  shapeError: number,
  weekError: number,
  regressor: number,
  seasonal: boolean,
  days: number,
  least: number,
): void {
  const bucket = bucketOf(time);
  const before = bucketOf(previous);
  if (bucket !== before) closeBucket(state, row, before, Math.max(least, 1 / (days + 1)));
  state[row + BUCKET_SUM] = state[row + BUCKET_SUM]! + (Number.isNaN(state[row + PROFILE + bucket]!) ? value : shapeError);
  state[row + BUCKET_COUNT] = state[row + BUCKET_COUNT]! + 1;
  if (!seasonal) return;
  const block = blockOf(previous);
  if (blockOf(time) !== block) closeBlock(state, row, block, days);
  if (days >= SETTLED_DAYS) {
    state[row + BLOCK_SUM] = state[row + BLOCK_SUM]! + weekError * regressor;
    state[row + BLOCK_WEIGHT] = state[row + BLOCK_WEIGHT]! + regressor * regressor;
  }
  state[row + SEASONAL_ROWS] = state[row + SEASONAL_ROWS]! + 1;
}
