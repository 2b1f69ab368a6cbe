/** The learned level of one series by time of day and of week; figures lie in the bank's Float32 row. Times are epoch seconds. */
import {
  BLOCK,
  BLOCK_SUM,
  BLOCK_WEIGHT,
  BUCKET,
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

/** Seconds since midnight UTC, also for times before 1970. */
export const secondOfDay = (time: number): number => time - Math.floor(time / DAY) * DAY;

const blockPosition = (time: number): number => {
  const position = (time / BLOCK_SECONDS + THURSDAY_BLOCKS) % WEEK_BLOCKS;
  return position < 0 ? position + WEEK_BLOCKS : position;
};

/** Deviation of the week's block, interpolated between block centres; `days` later. */
export function weekDeviation(state: Float32Array, row: number, time: number, days: number): number {
  const position = (blockPosition(time) + (days * WEEK_BLOCKS) / 7 + WEEK_BLOCKS - 0.5) % WEEK_BLOCKS;
  const left = Math.floor(position);
  const share = position - left;
  return state[row + WEEK + left]! * (1 - share) + state[row + WEEK + ((left + 1) % WEEK_BLOCKS)]! * share;
}

/** What the time of day and of week let expect, or NaN where no profile is known yet. Interpolates between the centres of what each quarter hour saw. */
export function profileAt(state: Float32Array, row: number, time: number): number {
  const centre = 0.5 * Math.min(state[row + STEP]!, BUCKET_SECONDS);
  const position = (secondOfDay(time) + centre) / BUCKET_SECONDS + PROFILE_BUCKETS - 0.5;
  const left = Math.floor(position);
  const share = position - left;
  const a = state[row + PROFILE + (left % PROFILE_BUCKETS)]!;
  const b = state[row + PROFILE + ((left + 1) % PROFILE_BUCKETS)]!;
  const daily = Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + share * (b - a);
  return Number.isNaN(daily) ? daily : daily + weekDeviation(state, row, time, 0);
}

/** Puts the quarter hour that ended into the profile and begins the next. */
function closeBucket(state: Float32Array, row: number, bucket: number, days: number): void {
  const count = state[row + BUCKET_COUNT]!;
  if (count > 0) {
    const slot = row + PROFILE + state[row + BUCKET]!;
    const mean = state[row + BUCKET_SUM]! / count;
    state[slot] = Number.isNaN(state[slot]!) ? mean : state[slot]! + Math.max(0.05, 1 / (days + 1)) * mean;
  }
  state[row + BUCKET] = bucket;
  state[row + BUCKET_SUM] = 0;
  state[row + BUCKET_COUNT] = 0;
}

/** Puts the block of the week that ended into the week and begins the next. */
function closeBlock(state: Float32Array, row: number, block: number, days: number): void {
  const weight = state[row + BLOCK_WEIGHT]!;
  if (weight > 0) {
    const slot = row + WEEK + state[row + BLOCK]!;
    state[slot] = state[slot]! + (Math.max(0.15, 1 / (Math.floor(days / 7) + 2)) * state[row + BLOCK_SUM]!) / weight;
  }
  state[row + BLOCK] = block;
  state[row + BLOCK_SUM] = 0;
  state[row + BLOCK_WEIGHT] = 0;
}

/**
 * Teaches the profile one row.
 * @param value the transformed value, used where the quarter hour is new
 * @param shapeError cut residual against profile and slow level
 * @param weekError cut residual against profile and week level
 * @param seasonal whether a profile was known
 * @param days days since the first row
 */
export function learnProfile(
  state: Float32Array,
  row: number,
  time: number,
  value: number,
  shapeError: number,
  weekError: number,
  seasonal: boolean,
  days: number,
): void {
  const bucket = Math.floor(secondOfDay(time) / BUCKET_SECONDS);
  if (bucket !== state[row + BUCKET]!) closeBucket(state, row, bucket, days);
  state[row + BUCKET_SUM] = state[row + BUCKET_SUM]! + (Number.isNaN(state[row + PROFILE + bucket]!) ? value : shapeError);
  state[row + BUCKET_COUNT] = state[row + BUCKET_COUNT]! + 1;
  if (!seasonal) return;
  const block = Math.floor(blockPosition(time));
  if (block !== state[row + BLOCK]!) closeBlock(state, row, block, days);
  state[row + BLOCK_SUM] = state[row + BLOCK_SUM]! + weekError;
  state[row + BLOCK_WEIGHT] = state[row + BLOCK_WEIGHT]! + 1;
  state[row + SEASONAL_ROWS] = state[row + SEASONAL_ROWS]! + 1;
}
