/** Reference data that is wrong or was not loaded (N05). */
import type { UsageEvent } from '../../event.ts';
import { amountText } from '../../feed.ts';
import { hour, isoText } from '../../instant.ts';
import type { Cell } from '../../network.ts';
import { currency, type Plan, plans, priceOf, type Rate, type Zone } from '../../plans.ts';
import type { Service } from '../../rhythm.ts';
import type { Scenario, Truth } from '../../scenario.ts';
import type { TableRow } from '../../tables.ts';
import { type Tally, tally } from '../tally.ts';
import { cellOf, quantityOf } from './cells.ts';
import { laneOf, onCell } from './lanes.ts';
import { type LeakType, oneOf, planOf, type Site, typeOf } from './leak.ts';

/** A rate that is in use: that of a plan, service and zone. */
function rateOf(site: Site): { readonly plan: Plan; readonly rate: Rate; readonly holds: (event: UsageEvent) => boolean } {
  const lane = laneOf(site);
  const { plan: name, service, zone, holds } = cellOf(site, (event) => event.service === lane.service && event.plan.name === lane.plan);
  const plan = plans.find((each) => each.name === name)!;
  return { plan, rate: plan.rates[service as Service][zone as Zone], holds };
}

const units = { voice: 'minute', sms: 'event', data: 'mib' } as const;

/** A row of the price list. @param version other than the one before, or the price list takes it for a correction. */
function rateRow(plan: Plan, rate: Rate, version: string, from: number, to?: number): TableRow {
  return {
    tariff: plan.tariff,
    version,
    service: rate.service,
    zone: rate.zone,
    setup: amountText(rate.setup),
    per_unit: amountText(rate.perUnit),
    unit: units[rate.service],
    minimum_seconds: rate.minimumSeconds,
    increment_seconds: rate.incrementSeconds,
    wholesale: 'false',
    partner: '',
    currency,
    valid_from: isoText(from, 0, 'Z'),
    valid_to: to === undefined ? '' : isoText(to, 0, 'Z'),
  };
}

/** A wrong row in the price list from the beginning of the site on, mended at its end, and what rating makes of it. @param costsFrom when the row is wrong */
function wrongRate(
  site: Site,
  leak: string,
  check: string,
  summary: (plan: Plan, rate: Rate) => string,
  wrong: (plan: Plan, rate: Rate) => readonly TableRow[],
  charged: ((event: UsageEvent) => number) | undefined,
  more: Partial<Pick<Truth, 'also' | 'class'>>,
  costsFrom = site.from,
): Scenario {
  const { plan, rate, holds } = rateOf(site);
  const count: Tally = tally(
    planOf(
      site,
      'N05',
      leak,
      { check, tariff: `${plan.tariff}-${plan.version}`, service: rate.service, zone: rate.zone },
      { share: 0, ...more },
    ),
  );
  return {
    name: leak,
    summary: summary(plan, rate),
    inject: {
      feeds: ['rating'],
      record(draft) {
        const { event } = draft;
        if (event.start < costsFrom || event.start >= site.to || !holds(event)) return;
        const before = draft.charge;
        if (charged) draft.charge = charged(event);
        if (draft.charge === 0) draft.zeroReason = 'free';
        count.record(charged ? Math.abs(before - draft.charge) : before);
      },
      rows(rows, feed, from, to) {
        if (feed !== 'tariff-changes') return rows;
        return [
          ...rows,
          ...(site.from >= from && site.from < to ? wrong(plan, rate) : []),
          ...(site.to >= from && site.to < to ? [rateRow(plan, rate, `${plan.version}.9`, site.to)] : []),
        ];
      },
    },
    truth: count.truth,
  };
}

const named = ({ name }: Plan, { service, zone }: Rate): string => `${service} ${zone} of plan ${name}`;

const toZero = (site: Site): Scenario =>
  wrongRate(
    site,
    'price-to-zero',
    'zero_price',
    (plan, rate) => `A price upload makes ${named(plan, rate)} free.`,
    (plan, rate) => [rateRow(plan, { ...rate, setup: 0, perUnit: 0 }, `${plan.version}.1`, site.from)],
    () => 0,
    { also: ['S13', 'S07'] },
  );

/** Two prices from the same instant on: the engine takes the lower one. */
const twoPrices = (site: Site): Scenario =>
  wrongRate(
    site,
    'two-prices-at-once',
    'ambiguous_rate',
    (plan, rate) => `Two prices hold at once for ${named(plan, rate)}.`,
    (plan, rate) => [rateRow(plan, rate, `${plan.version}.1`, site.from), rateRow(plan, half(rate), `${plan.version}.2`, site.from)],
    (event) => priceOf(half(event.rate), quantityOf(event)),
    { also: ['S14', 'S07'] },
  );

/** Half the price, still exact by the second. */
const half = (rate: Rate): Rate => ({ ...rate, perUnit: Math.round(rate.perUnit / 120) * 60 });

/** The price ends without a successor; the engine goes on with it. */
const rateEnded = (site: Site): Scenario =>
  wrongRate(
    site,
    'rate-ended',
    'expired_rate',
    (plan, rate) => `The price of ${named(plan, rate)} ends and nothing follows.`,
    (plan, rate) => [rateRow(plan, rate, `${plan.version}.1`, site.from, site.from + hour)],
    undefined,
    { class: 'risk', also: ['S14'] },
    site.from + hour,
  );

/** A new site whose cells nobody loaded. */
function cellNotLoaded(site: Site): Scenario {
  const { cellList } = site.world;
  const old = oneOf(site, [...new Set(cellList.map((cell) => cell.site))], 1);
  const fresh = new Map(
    cellList.filter((cell) => cell.site === old).map((cell): [string, Cell] => [cell.cell, { ...cell, cell: `${cell.cell}9` }]),
  );
  const count = tally(planOf(site, 'N05', 'cell-not-loaded', { check: 'unknown_cell' }, { share: 0, class: 'risk' }));
  const names = new Set([...fresh.values()].map(({ cell }) => cell));
  return {
    name: 'cell-not-loaded',
    summary: `${old} has new cells that no table knows.`,
    inject: {
      alter(event) {
        const cell = event.cell && event.start >= site.from && event.start < site.to ? fresh.get(event.cell.cell) : undefined;
        return cell ? { ...event, cell } : event;
      },
      feeds: ['mediation'],
      record({ event }) {
        // Another leak may build at the same site at another time.
        if (event.cell && names.has(event.cell.cell) && event.start >= site.from && event.start < site.to) count.record(event.charge);
      },
    },
    truth: count.truth,
  };
}

export const referenceLeaks: readonly LeakType[] = [
  typeOf('N05', 'price-to-zero', 1, ['step'], toZero, onCell()),
  typeOf('N05', 'two-prices-at-once', 1, ['step'], twoPrices, onCell()),
  typeOf('N05', 'rate-ended', 1, ['step'], rateEnded, onCell()),
  typeOf('N05', 'cell-not-loaded', 1, ['step'], cellNotLoaded, () => ['cells']),
];
