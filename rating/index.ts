/** What usage should cost: tariffs as data, exact amounts, one rater for processors, detectors and simulator. */
export { type Account, newAccount } from './account.ts';
export { type Converter, type ExchangeRate, newConverter } from './currency.ts';
export { type Fraction, type RoundingMode, rounded } from './decimal.ts';
export { newRater, type Rated, type Rater, type Unrated, type Usage } from './rater.ts';
export { type TariffRow, tariffOfRows } from './reference.ts';
export type { Allowance, Discount, Rate, Tariff, TariffVersion, Tax, Tier } from './tariff.ts';
export type { BandCalendar, TimeBand } from './time-band.ts';
export { chargedQuantity, type PriceUnit } from './units.ts';
