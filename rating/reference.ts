/** A tariff from rows of the reference table `tariffs`. */
import type { Rate, Tariff, TariffVersion } from './tariff.ts';
import type { PriceUnit } from './units.ts';
import { sizeOf } from './units.ts';

/** A row of `tariffs`, amounts as decimal strings, instants in ms since 1970 UTC; 0 = without end. */
export interface TariffRow {
  readonly tariff: string;
  readonly version: string;
  readonly service: string;
  readonly prefix: string;
  readonly zone: string;
  readonly time_band: string;
  readonly setup: string;
  readonly per_unit: string;
  readonly unit: string;
  readonly minimum_seconds: number;
  readonly increment_seconds: number;
  readonly currency: string;
  readonly valid_from: number;
  readonly valid_to: number;
}

function rateOf(row: TariffRow): Rate {
  if (!(row.unit in sizeOf)) throw new RangeError(`tariff ${row.tariff} ${row.version}: no unit is called ${row.unit}`);
  return {
    service: row.service,
    ...(row.prefix === '' ? {} : { prefix: row.prefix }),
    ...(row.zone === '' ? {} : { zone: row.zone }),
    ...(row.time_band === '' ? {} : { timeBand: row.time_band }),
    setUp: row.setup,
    price: row.per_unit,
    unit: row.unit as PriceUnit,
    minimum: row.minimum_seconds,
    increment: row.increment_seconds,
  };
}

/**
 * The tariff of rows of one name and currency: rows of one version and validity hold together. What the table does not state (bands,
 * allowances, discounts, tax) comes from `rest`. RangeError for a unit that is none and for rows of several currencies.
 * @example tariffOfRows([row], { decimals: 6, rounding: 'half_up', timeZone: 'UTC' }).versions[0].rates[0].price // '0.09'
 */
export function tariffOfRows(
  rows: readonly TariffRow[],
  rest: Pick<Tariff, 'decimals' | 'rounding' | 'timeZone'> &
    Partial<Pick<Tariff, 'allowances' | 'discounts' | 'taxes'>> &
    Pick<TariffVersion, 'calendar' | 'bandBy'>,
): Tariff {
  const { calendar, bandBy, ...of } = rest;
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  if (currencies.length > 1) throw new RangeError(`tariff ${rows[0]!.tariff} is in ${currencies.join(' and ')}`);
  const groups = new Map<string, TariffRow[]>();
  for (const row of rows) {
    const key = `${row.version}/${row.valid_from}/${row.valid_to}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const versions = [...groups.values()].map((group): TariffVersion => {
    const { version, valid_from, valid_to } = group[0]!;
    return {
      version,
      validFrom: valid_from,
      ...(valid_to === 0 ? {} : { validTo: valid_to }),
      // Of two versions that overlap the one that began last holds.
      publishedAt: valid_from,
      rates: group.map(rateOf),
      ...(calendar ? { calendar } : {}),
      ...(bandBy ? { bandBy } : {}),
    };
  });
  return { allowances: [], discounts: [], taxes: [], ...of, tariff: rows[0]?.tariff ?? '', currency: currencies[0] ?? '', versions };
}
