/** Answers as data frames: the JSON that Grafana reads and gives, see dataFrameFromJSON of @grafana/data. */

/** Types of fields as Grafana names them. */
export type FieldType = 'time' | 'number' | 'string' | 'boolean';

export interface FrameField {
  readonly name: string;
  readonly type: FieldType;
  /** Dimension to value: what makes it a series of its own. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Unit, display name, style: as Grafana's FieldConfig has them. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface FrameNotice {
  readonly severity: 'info' | 'warning';
  readonly text: string;
}

export interface FrameMeta {
  readonly type?: 'timeseries-multi' | 'timeseries-wide' | 'table';
  /** SQL that an analyst can run as it stands. */
  readonly executedQueryString?: string;
  readonly notices?: readonly FrameNotice[];
  readonly preferredVisualisationType?: 'graph' | 'table' | 'nodeGraph';
}

export interface Frame {
  readonly schema: { readonly name?: string; readonly fields: readonly FrameField[]; readonly meta?: FrameMeta };
  /** One array a field: times as ms since 1970, null = nothing. */
  readonly data: { readonly values: readonly (readonly unknown[])[] };
}

/** A field with its values. */
export type Column = FrameField & { readonly values: readonly unknown[] };

/**
 * A frame of columns of one length.
 * @example frameOf([{ name: 'n', type: 'number', values: [1] }]).data.values // [[1]]
 */
export function frameOf(columns: readonly Column[], meta: FrameMeta = {}, name?: string): Frame {
  const fields = columns.map(({ values: _values, ...field }) => field);
  return {
    schema: { ...(name === undefined ? {} : { name }), fields, ...(Object.keys(meta).length > 0 ? { meta } : {}) },
    data: { values: columns.map(({ values }) => values) },
  };
}

/**
 * Grafana's identifier of a unit of ours; a currency is named.
 * @example unitOf('octets') // 'decbytes'
 * @example unitOf('currency', 'USD') // 'currencyUSD'
 * @example unitOf('currency', 'KES') // 'suffix: KES'
 */
export function unitOf(unit: string, currency = ''): string {
  const known: Readonly<Record<string, string>> = {
    ...{ records: 'short', readings: 'short', steps: 'short', files: 'short', customers: 'short', count: 'short' },
    ...{ seconds: 's', s: 's', ms: 'ms', octets: 'decbytes', ratio: 'percentunit', share: 'percentunit', percent: 'percent' },
    ...{ dBm: 'dBm', dB: 'dB', score: 'none', MOS: 'none', R: 'none', 'Mbit/s': 'Mbits', days: 'd', hours: 'h', minutes: 'm' },
  };
  if (unit !== 'currency') return known[unit] ?? (unit === '' ? 'none' : `suffix: ${unit}`);
  return currencies.has(currency) ? `currency${currency}` : currency === '' ? 'none' : `suffix: ${currency}`;
}

const currencies = new Set([
  ...['USD', 'GBP', 'EUR', 'JPY', 'RUB', 'UAH', 'BRL', 'DKK', 'ISK', 'NOK', 'SEK', 'CZK', 'CHF', 'PLN', 'ZAR', 'INR', 'KRW', 'IDR'],
  ...['PHP', 'VND', 'TRY', 'MYR', 'XPF', 'BGN', 'PYG', 'UYU', 'ILS'],
]);
