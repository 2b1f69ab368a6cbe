/**
 * Where the figures of one series lie in its row of the bank. A row is 252 Float32, 1008 bytes; with the two Float64 times a series takes 1024 bytes.
 * One row per series rather than one array per figure: a push touches most of a row, and a row is sixteen cache lines that the processor fetches ahead.
 */
export const PROFILE_BUCKETS = 96;
export const WEEK_BLOCKS = 56;
export const DAY_HOURS = 24;

/** Level of each quarter of an hour; NaN until seen. */
export const PROFILE = 0;
/** Deviation of each three-hour block of the week from the profile; a share of the profile where the series counts. */
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
/** Rate and mean excess of the CUSUM's tail. */
export const SUM_RATE = SCALARS + 27;
export const SUM_EXCESS = SCALARS + 28;
export const SUM_DOWN = SCALARS + 29;
export const SUM_UP = SCALARS + 30;
/** Highest, lowest, mean step and last value of three running extremes: value, mean of 12, residual. */
export const EXTREMES = SCALARS + 31;
/** The last 12 values. */
export const RING = SCALARS + 43;
/** Sum and number of the quarter hour under way. */
export const BUCKET_SUM = SCALARS + 55;
export const BUCKET_COUNT = SCALARS + 56;
/** Weighted sum and weight of the block of the week under way. */
export const BLOCK_SUM = SCALARS + 57;
export const BLOCK_WEIGHT = SCALARS + 58;
/** Logarithm of the slow level's gain. */
export const LOG_GAIN = SCALARS + 59;
export const LAST_DEVIATE = SCALARS + 60;
/** Running product of neighbouring deviates and running square: their ratio is the lag-1 autocorrelation. */
export const LAG_PRODUCT = SCALARS + 61;
export const LAG_SQUARE = SCALARS + 62;
/** Rows left in the refractory period and the score that began it. */
export const HOLD = SCALARS + 63;
export const HOLD_SCORE = SCALARS + 64;
/** 0, or while the alarm is on 1 and the rows since it was last confirmed. */
export const ALARM = SCALARS + 65;
/** Rows that had a profile. */
export const SEASONAL_ROWS = SCALARS + 66;
/** The level of a count: its estimate, the variance of the estimate, the variance that a day adds. */
export const COUNT_LEVEL = SCALARS + 67;
export const LEVEL_VARIANCE = SCALARS + 68;
export const LEVEL_DRIFT = SCALARS + 69;
export const LAST_COUNT_DEVIATE = SCALARS + 70;
/** Squared coefficient of variation of a count beyond Poisson, and the weight of what it was learned from. */
export const OVER_DISPERSION = SCALARS + 71;
export const OVER_WEIGHT = SCALARS + 72;
/** Variance of a day's blocks about the mean of their day, without that of their estimates. */
export const WEEK_SPREAD = SCALARS + 73;
export const COUNT_DOWN = SCALARS + 74;
export const COUNT_UP = SCALARS + 75;
export const STRIDE = 252;

/** Raised when the layout or the meaning of a figure changes: older snapshots are then refused, not misread. */
export const LAYOUT_VERSION = 2;
