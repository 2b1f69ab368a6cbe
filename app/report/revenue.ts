/** The report of the revenue-assurance programme over a stretch of time. */
import type { Definition } from '../../core/definition.ts';
import { fromMicro } from '../../core/money.ts';
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import {
  type Cover,
  coverageOf,
  kpisOf,
  type ProgrammeKpis,
  type RevenueCase,
  revenueOf,
  type Value,
} from '../../detectors/programme/index.ts';
import type { Store } from '../../sql/store.ts';
import { allControls } from '../own/definitions.ts';

const moneyNames = ['leakage', 'over_charge', 'risk', 'recovered', 'recoverable', 'expired'] as const;

/** KPIs with amounts as decimals. */
export type ReportedKpis = Omit<ProgrammeKpis, (typeof moneyNames)[number]> & Readonly<Record<(typeof moneyNames)[number], string>>;

export interface ControlKpis extends ReportedKpis {
  readonly control: string;
  readonly title: string;
  /** Share of revenue that it looked at, 0 to 1; null: it does not look at usage, or there was no revenue. */
  readonly coverage: number | null;
}

export interface RevenueReport extends ReportedKpis {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  /** What usage was charged in the time; decimal. */
  readonly revenue: string;
  /** Of revenue, 0 to 1; null: there was none. */
  readonly recovered_share: number | null;
  readonly recoverable_share: number | null;
  readonly recovered_and_recoverable_share: number | null;
  /** Share of revenue under at least one control that could judge. */
  readonly coverage: number | null;
  readonly controls: readonly ControlKpis[];
}

/** A part of `Store`. */
type ReportStore = Pick<Store, 'rows'>;

const deadline = { timeoutMs: 120_000 };
const valueColumns = { leg: 'text', source: 'text', service: 'text', records: 'number', charges: 'money' } as const;
const cellColumns = { control: 'text', leg: 'text', source: 'text', service: 'text' } as const;
const caseColumns = {
  control: 'text',
  state: 'text',
  detected_at: 'instant',
  money: 'money',
  currency: 'text',
  money_class: 'text',
  until: 'text',
  verdict: 'text',
  recovered: 'money',
  last_recovery: 'instant',
} as const;

/** Tables whose controls look at usage. */
const usageTables = ['usage', 'usage_hour', 'usage_minute', 'usage_keys', 'files', 'batches', 'rejects', 'stage_counters'];

const looksAtUsage = ({ needs, own }: Definition): boolean =>
  own ? needs.legs.length > 0 : needs.tables.some((table) => usageTables.includes(table));

async function read<C extends Parameters<typeof readRows>[0]>(
  store: ReportStore,
  query: string,
  columns: C,
  params: Record<string, unknown>,
) {
  const result = readRows(columns, await store.rows(query, params, deadline));
  if (!result.ok) throw new Error(`query ${query}: ${result.error}`);
  return result.rows;
}

/** Coverage of controls by identity, and of all together. */
export interface Coverage {
  readonly all: number | undefined;
  readonly of: (identity: string) => number | undefined;
}

/** @see coverageOf */
export async function readCoverage(
  store: ReportStore,
  settings: Pick<Settings, 'tenant' | 'currency' | 'controls'>,
  from: number,
  to: number,
): Promise<Coverage & { readonly revenue: number }> {
  const params = { tenant: settings.tenant, currency: settings.currency, from: writeInstant(from), to: writeInstant(to) };
  const values: readonly Value[] = await read(store, 'report-value', valueColumns, params);
  const cells = await read(store, 'report-cells', cellColumns, params);
  const covering = new Map<string, { legs: Set<string>; cells: Cover[] }>();
  for (const definition of allControls(settings).filter(looksAtUsage)) {
    const own = cells.filter(({ control }) => control === definition.identity);
    if (own.length === 0) continue;
    const known = covering.get(definition.identity);
    const legs = new Set([...(known?.legs ?? []), ...definition.needs.legs]);
    covering.set(definition.identity, { legs, cells: own });
  }
  const ofOne = (identity: string) => {
    const cover = covering.get(identity);
    return cover ? coverageOf(values, cover.cells, [...cover.legs]) : undefined;
  };
  const together = [...covering.values()].flatMap(({ legs, cells: own }) =>
    own.flatMap((cell) => (legs.size === 0 || cell.leg !== '' ? [cell] : [...legs].map((leg) => ({ ...cell, leg })))),
  );
  return { revenue: revenueOf(values), all: coverageOf(values, together), of: ofOne };
}

function shown(kpis: ProgrammeKpis): ReportedKpis {
  return {
    ...kpis,
    ...(Object.fromEntries(moneyNames.map((name) => [name, fromMicro(kpis[name])])) as Record<(typeof moneyNames)[number], string>),
  };
}

/**
 * Reads and computes it. Cases are those detected in the time; amounts in another currency than that of the tenant are left out.
 * @param instant today, ms
 */
export async function revenueReport(
  store: ReportStore,
  settings: Settings,
  from: number,
  to: number,
  instant: number,
): Promise<RevenueReport> {
  const { tenant, currency } = settings;
  const rows = await read(store, 'report-cases', caseColumns, { tenant, from: writeInstant(from), to: writeInstant(to) });
  const cases: readonly RevenueCase[] = rows
    .filter((row) => row.currency === '' || row.currency === currency)
    .map((row) => ({
      control: row.control,
      state: row.state,
      detectedAt: row.detected_at,
      money: row.money,
      class: row.money_class,
      recoverableUntil: row.until,
      verdict: row.verdict,
      recovered: row.recovered,
      recoveredAt: row.last_recovery,
    }));
  const coverage = await readCoverage(store, settings, from, to);
  const kpis = kpisOf(cases, instant);
  const share = (micro: number): number | null => (coverage.revenue === 0 ? null : micro / coverage.revenue);
  const titles = new Map(allControls(settings).map(({ identity, title }) => [identity, title]));
  const identities = [...new Set([...titles.keys(), ...cases.map(({ control }) => control)])];
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    currency,
    revenue: fromMicro(coverage.revenue),
    ...shown(kpis),
    recovered_share: share(kpis.recovered),
    recoverable_share: share(kpis.recoverable),
    recovered_and_recoverable_share: share(kpis.recovered + kpis.recoverable),
    coverage: coverage.all ?? null,
    controls: identities
      .map((control) => ({
        control,
        title: titles.get(control) ?? '',
        coverage: coverage.of(control) ?? null,
        ...shown(
          kpisOf(
            cases.filter((each) => each.control === control),
            instant,
          ),
        ),
      }))
      .filter(({ cases: all, coverage: part }) => all > 0 || part !== null),
  };
}
