/**
 * Where the figures of one series lie in its row of the bank. A row is 252 Float32, 1008 bytes; with the two Float64 times a series takes 1024 bytes.
 * One row per series rather than one array per figure: a push touches most of a row, and a row is sixteen cache lines that the processor fetches ahead.
 */
export const PROFILE_BUCKETS = 96;
export const WEEK_BLOCKS = 56;
export const DAY_HOURS = 24;

/** Level of each quarter of an hour; NaN until seen. */
export const PROFILE = 0;
/** Deviation of each three-hour block of the week from the profile. */
export const WEEK = PROFILE + PROFILE_BUCKETS;
/** Mean absolute residual by hour of the day. */
export const HOUR_SCALE = WEEK + WEEK_BLOCKS;

const SCALARS = HOUR_SCALE + DAY_HOURS;

/** Rows learned. */
export const ROWS = SCALARS;
/** 1 while all values were whole and not negative. */
export const COUNTING = SCALARS + 1;
/** Rows in a row whose time did not grow. */
export const LATE_RUN = SCALARS + 2;
/** Seconds between rows. */
export const STEP = SCALARS + 3;
export const SHARP_LEVEL = SCALARS + 4;
export const SLOW_LEVEL = SCALARS + 5;
export const PLAIN_LEVEL = SCALARS + 6;
/** The slow level averaged over about ten days of quarter hours. */
export const WEEK_LEVEL = SCALARS + 7;
/** Mean square of the slow level's regressor. */
export const REGRESSOR = SCALARS + 8;
/** Mean absolute residual of the three channels: sharp, slow, plain. */
export const SCALES = SCALARS + 9;
/** The same hardly cut, for series whose spikes are their only movement. */
export const WIDE_SCALES = SCALARS + 12;
/** Threshold, mean excess, variance of excess and rate of three tails. */
export const TAILS = SCALARS + 15;
/** Rate, mean excess and number of excesses of the CUSUM's tail. */
export const SUM_RATE = SCALARS + 27;
export const SUM_EXCESS = SCALARS + 28;
export const SUM_EXCESSES = SCALARS + 29;
export const SUM_DOWN = SCALARS + 30;
export const SUM_UP = SCALARS + 31;
/** Highest, lowest, mean step and last value of three running extremes: value, mean of 12, residual. */
export const EXTREMES = SCALARS + 32;
/** The last 12 values and how many were written. */
export const RING = SCALARS + 44;
export const RING_COUNT = SCALARS + 56;
/** Sum, number and number of the quarter hour under way. */
export const BUCKET_SUM = SCALARS + 57;
export const BUCKET_COUNT = SCALARS + 58;
export const BUCKET = SCALARS + 59;
/** Weighted sum, weight and number of the block of the week under way. */
export const BLOCK_SUM = SCALARS + 60;
export const BLOCK_WEIGHT = SCALARS + 61;
export const BLOCK = SCALARS + 62;
/** Logarithm of the slow level's gain. */
export const LOG_GAIN = SCALARS + 63;
export const LAST_DEVIATE = SCALARS + 64;
/** Running product of neighbouring deviates and running square: their ratio is the lag-1 autocorrelation. */
export const LAG_PRODUCT = SCALARS + 65;
export const LAG_SQUARE = SCALARS + 66;
/** Rows left in the refractory period and the score that began it. */
export const HOLD = SCALARS + 67;
export const HOLD_SCORE = SCALARS + 68;
/** 1 while the alarm is on, and rows since it was last confirmed. */
export const ALARM = SCALARS + 69;
export const ALARM_QUIET = SCALARS + 70;
/** Rows that had a profile. */
export const SEASONAL_ROWS = SCALARS + 71;
/** 1 once a value below zero was seen. */
export const SIGNED = SCALARS + 72;
export const STRIDE = 252;

/** Raised when the layout or the meaning of a figure changes: older snapshots are then refused, not misread. */
export const LAYOUT_VERSION = 1;
