/** Reference data as the operator's systems export it once: partners, tariffs, cells, prefixes, causes, topology, subscriptions. */

import { amountText } from './feed.ts';
import type { SimulatedFile } from './file.ts';
import { holidayOf } from './holidays.ts';
import { day, isoText, minute, stampText } from './instant.ts';
import { carriers, host, partners } from './network.ts';
import { destinations, homeCountry } from './numbers.ts';
import { currency, plans, type Rate, wholesale } from './plans.ts';
import { services } from './rhythm.ts';
import type { Subscriber, World } from './world.ts';

interface Snapshot {
  /** Whether only an operator with back office exports it. */
  readonly office?: boolean;
  readonly feed: string;
  readonly kind: string;
  readonly columns: readonly string[];
  readonly rows: (world: World, validFrom: string) => string[];
}

/** Columns of the price list, once and for its changes. */
export const tariffColumns = [
  'tariff',
  'version',
  'service',
  'zone',
  'setup',
  'per_unit',
  'unit',
  'minimum_seconds',
  'increment_seconds',
  'wholesale',
  'partner',
  'currency',
  'valid_from',
] as const;

const zones = ['national', 'europe', 'world', 'roaming'] as const;

const rateRow = (tariff: string, version: string, rate: Rate, partner: string, validFrom: string): string =>
  [
    tariff,
    version,
    rate.service,
    rate.zone,
    amountText(rate.setup),
    amountText(rate.perUnit),
    { voice: 'minute', sms: 'event', data: 'mib' }[rate.service],
    rate.minimumSeconds,
    rate.incrementSeconds,
    partner !== '',
    partner,
    currency,
    validFrom,
  ].join(',');

const causes = [
  [1, 'user', 'Unallocated number'],
  [16, 'normal', 'Normal call clearing'],
  [17, 'user', 'User busy'],
  [19, 'user', 'No answer from user'],
  [21, 'user', 'Call rejected'],
  [27, 'network', 'Destination out of order'],
  [34, 'congestion', 'No circuit available'],
  [38, 'network', 'Network out of order'],
  [41, 'network', 'Temporary failure'],
  [42, 'congestion', 'Switching equipment congestion'],
  [127, 'interworking', 'Interworking'],
] as const;

const snapshots: readonly Snapshot[] = [
  {
    feed: 'ref-partners',
    kind: 'partner',
    columns: ['partner', 'name', 'partner_kind', 'mcc_mnc', 'routes', 'time_zone', 'rounding', 'dispute_limit_percent', 'valid_from'],
    rows: (_, validFrom) =>
      partners.map(
        (one) => `${one.partner},${one.name},${one.kind},${one.network},"${one.routes.join(',')}",UTC,${one.rounding},1,${validFrom}`,
      ),
  },
  {
    feed: 'ref-tariffs',
    kind: 'tariff',
    columns: tariffColumns,
    rows: (_, validFrom) => [
      ...plans.flatMap((plan) =>
        services.flatMap((service) => zones.map((zone) => rateRow(plan.tariff, plan.version, plan.rates[service][zone], '', validFrom))),
      ),
      ...services.flatMap((service) => zones.map((zone) => rateRow('host', '1', wholesale[service][zone], host.partner, validFrom))),
    ],
  },
  {
    feed: 'ref-cells',
    kind: 'cell',
    columns: ['cell', 'site', 'zone', 'rat', 'node', 'latitude', 'longitude', 'valid_from'],
    rows: (world, validFrom) =>
      world.cellList.map((c) => `${c.cell},${c.site},${c.zone},${c.rat},${c.node},${c.latitude},${c.longitude},${validFrom}`),
  },
  {
    feed: 'ref-prefixes',
    kind: 'prefix_zone',
    columns: ['prefix', 'country', 'zone', 'name', 'valid_from'],
    rows: (_, validFrom) => [
      `${homeCountry.code},${homeCountry.iso},national,${homeCountry.name},${validFrom}`,
      ...destinations.map((one) => `${one.prefix},${one.country},${one.zone},${one.name},${validFrom}`),
    ],
  },
  {
    feed: 'ref-causes',
    kind: 'cause_mapping',
    columns: ['scheme', 'value', 'cause_class', 'name', 'valid_from'],
    rows: (_, validFrom) => causes.map(([value, cause, name]) => `q850,${value},${cause},${name},${validFrom}`),
  },
  {
    feed: 'ref-topology',
    kind: 'topology_edge',
    columns: ['parent_type', 'parent', 'child_type', 'child', 'valid_from'],
    rows: (world, validFrom) => edges(world).map((edge) => `${edge.join(',')},${validFrom}`),
  },
  {
    office: true,
    feed: 'ref-calendar',
    kind: 'calendar_day',
    columns: ['calendar', 'day', 'day_type', 'name'],
    rows: (world, validFrom) => {
      const first = Math.floor(Date.parse(validFrom) / day);
      return Array.from({ length: 365 }, (_, n) => first + n).flatMap((number) => {
        const name = holidayOf(number);
        return name === undefined ? [] : [`US,${isoText(number * day - world.offsetMinutes * minute, 0, 'Z')},holiday,${name}`];
      });
    },
  },
  {
    feed: 'ref-subscriptions',
    kind: 'subscription',
    columns: [
      'system',
      'subscription_number',
      'imsi_number',
      'account_number',
      'status',
      'plan',
      'segment',
      'recurring_charge',
      'currency',
      'valid_from',
    ],
    rows: (world, validFrom) =>
      ['hlr', 'billing'].flatMap((system) =>
        world.subscriberList.map(
          ({ number, imsi, plan, index }) =>
            `${system},+${number},${imsi},A${100_000 + index},active,${plan.name},${plan.segment},${amountText(plan.recurring)},${currency},${validFrom}`,
        ),
      ),
  },
];

function edges(world: World): string[][] {
  const routes = carriers.flatMap((carrier) => carrier.routes.map((route) => ['partner', carrier.partner, 'route', route]));
  const sites = [...new Map(world.cellList.map((cell) => [cell.site, ['node', cell.node, 'site', cell.site]])).values()];
  const cells = world.cellList.map((cell) => ['site', cell.site, 'cell', cell.cell]);
  const olts = [...new Map(world.ponList.map((pon) => [pon.olt, ['site', pon.site, 'olt', pon.olt]])).values()];
  const pons = world.ponList.map((pon) => ['olt', pon.olt, 'pon', pon.pon]);
  const onts = world.ponList.flatMap((pon) => pon.onts.map((ont) => ['pon', pon.pon, 'ont', ont.ont]));
  const customers = world.ponList.flatMap((pon, index) =>
    pon.onts.map((ont, place) => ['ont', ont.ont, 'customer', `+${customerBehind(world, index, place).number}`]),
  );
  return [...routes, ...sites, ...cells, ...olts, ...pons, ...onts, ...customers];
}

/** The subscriber who lives behind an ONT: each another one, as long as there are enough. */
export function customerBehind({ ontsPerPon, subscriberList }: World, pon: number, place: number): Subscriber {
  return subscriberList[(pon * ontsPerPon + place) % subscriberList.length]!;
}

/** Names, kinds and columns of the reference feeds of a world. */
export function referenceFeeds({ backOffice }: Pick<World, 'backOffice'>): readonly Pick<Snapshot, 'feed' | 'kind' | 'columns' | 'rows'>[] {
  return snapshots.filter(({ office }) => !office || backOffice);
}

/**
 * One file per reference feed, valid from an instant on. Load them before any usage.
 * @example referenceFiles(createWorld({ subscribers: 1 }), 0).map((file) => file.kind)[0] // 'partner'
 */
export function referenceFiles(world: World, validFrom: number): SimulatedFile[] {
  const text = isoText(validFrom, 0, 'Z');
  return referenceFeeds(world).map(({ feed, kind, columns, rows }) => ({
    feed,
    name: `${feed}_${stampText(validFrom)}.csv`,
    kind,
    sequence: undefined,
    from: validFrom,
    to: validFrom,
    modifiedAt: validFrom,
    head: [columns.join(',')],
    lines: rows(world, text),
    figures: [],
    declared: undefined,
  }));
}
