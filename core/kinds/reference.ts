/** Reference data: what holds from `valid_from` to `valid_to` (exclusive; 1970-01-01 = still valid). Joined as of the event. */
import {
  type ColumnOf,
  code,
  flag,
  float,
  hash,
  instant,
  int16,
  int32,
  type Kind,
  money,
  text,
  transient,
  uint16,
  uint32,
} from '../column.ts';

const validity = {
  valid_from: instant('First instant at which the row holds, UTC'),
  valid_to: instant('First instant at which it no longer holds, UTC; 1970-01-01 = still valid'),
} satisfies Record<string, ColumnOf>;

const kind = (name: string, table: string, comment: string, columns: Record<string, ColumnOf>, required: string[]): Kind => ({
  name,
  table,
  comment,
  columns,
  required,
});

export const subscription: Kind = kind(
  'subscription',
  'subscriptions',
  'Subscriptions as one system knows them (hlr, aaa, olt, ocs, crm, billing): compare systems, join usage as of its event.',
  {
    system: code('System that states it: hlr, hss, udm, aaa, cmts, olt, ocs, crm, billing'),
    subscription: hash('Pseudonym of the subscription (number)'),
    imsi: hash('Pseudonym of the IMSI'),
    account: hash('Pseudonym of the account'),
    status: code('active, suspended, ceased, pending, test'),
    plan: code('Plan'),
    segment: code('Customer segment'),
    service_flags: code('Service flags, space-separated: roaming, barred, prepaid, …'),
    recurring_charge: money('Recurring charge per month, in currency'),
    currency: code('Currency, ISO 4217'),
    ...validity,
    subscription_number: transient('Number or user name, as the source states it'),
    imsi_number: transient('IMSI, as the source states it'),
    account_number: transient('Account, as the source states it'),
  },
  ['system', 'valid_from'],
);

export const tariff: Kind = kind(
  'tariff',
  'tariffs',
  'Tariff rates: what a unit costs by prefix or zone, time band and validity.',
  {
    tariff: code('Tariff name'),
    version: code('Version of the tariff'),
    service: code('voice, sms, data, …'),
    prefix: code('E.164 prefix without +; empty = by zone or all'),
    zone: code('Zone; empty = by prefix or all'),
    time_band: code('Time band; empty = always'),
    setup: money('Set-up fee per event, in currency'),
    per_unit: money('Price per unit (minute, MiB, event), in currency'),
    unit: code('Unit of per_unit: minute, second, mib, event'),
    minimum_seconds: uint32('Minimum charged seconds'),
    increment_seconds: uint32('Charged increment in seconds'),
    wholesale: flag('The rate is what a partner charges us'),
    partner: code('Partner of a wholesale rate'),
    currency: code('Currency, ISO 4217'),
    ...validity,
  },
  ['tariff', 'service'],
);

export const partner: Kind = kind(
  'partner',
  'partners',
  'Partners: hosts, roaming partners, carriers, resellers.',
  {
    partner: code('Partner id'),
    name: text('Name'),
    partner_kind: code('mno, mvno, roaming, carrier, reseller'),
    tadig: code('TADIG code'),
    mcc_mnc: code('MCC-MNC'),
    routes: text('Trunk groups or routes of the partner, comma-separated'),
    time_zone: code('IANA time zone of its files'),
    rounding: code('How it rounds durations, e.g. 60/60'),
    dispute_limit_percent: float('Difference in percent below which invoices are not disputed'),
    ...validity,
  },
  ['partner'],
);

export const cell: Kind = kind(
  'cell',
  'cells',
  'Cells with their site and zone.',
  {
    cell: code('Cell key, as in usage.cell'),
    site: code('Site'),
    zone: code('Zone'),
    rat: code('Radio technology'),
    node: code('Controller or core node that serves it'),
    latitude: float('Latitude, degrees'),
    longitude: float('Longitude, degrees'),
    ...validity,
  },
  ['cell'],
);

export const topologyEdge: Kind = kind(
  'topology_edge',
  'topology_edges',
  'Topology: which element stands behind which (partner, route, node, DNN, site, cell, OLT, PON, ONT, customer).',
  {
    parent_type: code('Type of the parent'),
    parent: text('Parent element'),
    child_type: code('Type of the child'),
    child: text('Child element'),
    ...validity,
  },
  ['parent', 'child'],
);

export const calendarDay: Kind = kind(
  'calendar_day',
  'calendar_days',
  'Days that are not ordinary: holidays, campaigns, events.',
  {
    calendar: code('Calendar: country code or own name'),
    day: instant('Local midnight of the day, UTC'),
    day_type: code('holiday, school_holiday, campaign, event'),
    name: text('Name of the day'),
  },
  ['calendar', 'day'],
);

export const causeMapping: Kind = kind(
  'cause_mapping',
  'causes',
  'What a release cause means, per partner: Q.850 value or SIP code to class.',
  {
    partner: code('Partner; empty = all'),
    scheme: code('q850 or sip'),
    value: uint16('Cause value or SIP code'),
    cause_class: code('normal, user, network, congestion, interworking, unknown'),
    name: text('Name of the cause'),
    ...validity,
  },
  ['scheme', 'value'],
);

export const prefixZone: Kind = kind(
  'prefix_zone',
  'prefix_zones',
  'E.164 prefixes with destination country and zone.',
  {
    prefix: code('E.164 prefix without +'),
    country: code('ISO 3166 alpha-2'),
    zone: code('Destination zone'),
    name: text('Name of the destination'),
    ...validity,
  },
  ['prefix', 'zone'],
);

export const invoice: Kind = kind(
  'invoice',
  'invoices',
  'Invoices, retail (to customers) and wholesale (from partners).',
  {
    invoice_id: text('Invoice number'),
    invoice_kind: code('retail or wholesale'),
    account: hash('Pseudonym of the account'),
    partner: code('Partner of a wholesale invoice'),
    period_start: instant('First instant of the billed period, UTC'),
    period_end: instant('First instant after it, UTC'),
    issued_at: instant('Issued, UTC'),
    amount: money('Amount before tax, in currency'),
    tax: money('Tax, in currency'),
    currency: code('Currency, ISO 4217'),
    account_number: transient('Account, as the source states it'),
  },
  ['invoice_id', 'issued_at'],
);

export const invoiceLine: Kind = kind(
  'invoice_line',
  'invoice_lines',
  'Lines of invoices.',
  {
    invoice_id: text('Invoice number'),
    line: uint32('Line number'),
    line_kind: code('usage, recurring, oneoff, discount, credit, tax'),
    account: hash('Pseudonym of the account'),
    subscription: hash('Pseudonym of the subscription'),
    service: code('Service of the line'),
    plan: code('Plan of the line'),
    zone: code('Zone of the line'),
    period_start: instant('First instant of the billed period, UTC'),
    period_end: instant('First instant after it, UTC'),
    quantity: float('Quantity, in unit'),
    unit: code('Unit of the quantity'),
    amount: money('Amount before tax, in currency'),
    currency: code('Currency, ISO 4217'),
    reason: text('Reason of a discount or credit'),
    agent: code('Who granted it'),
    account_number: transient('Account, as the source states it'),
    subscription_number: transient('Subscription, as the source states it'),
  },
  ['invoice_id', 'period_start'],
);

export const balanceMovement: Kind = kind(
  'balance_movement',
  'balance_movements',
  'Movements of prepaid balances.',
  {
    event_time: instant('Instant of the movement, UTC'),
    subscription: hash('Pseudonym of the subscription'),
    movement: code('topup, bonus, usage, expiry, transfer, adjustment'),
    amount: money('Amount, positive = credited, in currency'),
    currency: code('Currency, ISO 4217'),
    reference: text('Voucher, payment or charging reference'),
    channel: code('Channel of a top-up'),
    subscription_number: transient('Subscription, as the source states it'),
  },
  ['event_time', 'movement'],
);

export const balanceSnapshot: Kind = kind(
  'balance_snapshot',
  'balance_snapshots',
  'Prepaid balances at an instant.',
  {
    event_time: instant('Instant of the snapshot, UTC'),
    subscription: hash('Pseudonym of the subscription'),
    balance: money('Balance, in currency'),
    currency: code('Currency, ISO 4217'),
    subscription_number: transient('Subscription, as the source states it'),
  },
  ['event_time'],
);

export const credit: Kind = kind(
  'credit',
  'credits',
  'Credits, discounts and adjustments granted to customers.',
  {
    event_time: instant('Granted, UTC'),
    account: hash('Pseudonym of the account'),
    subscription: hash('Pseudonym of the subscription'),
    amount: money('Amount granted, in currency'),
    currency: code('Currency, ISO 4217'),
    reason: code('Reason code'),
    agent: code('Who granted it'),
    approval: code('Who approved it'),
    account_number: transient('Account, as the source states it'),
    subscription_number: transient('Subscription, as the source states it'),
  },
  ['event_time', 'amount'],
);

export const stageCounter: Kind = kind(
  'stage_counter',
  'stage_counters',
  'What each stage of the chain says of itself: in, out, filtered, suspended, duplicate, merged.',
  {
    event_time: instant('Start of the window or the file time, UTC'),
    stage: code('Stage: switch, mediation, rating, billing, …'),
    node: code('Node of the stage'),
    stage_file: text('File the counters are about; empty = a time window'),
    service: code('Service counted; empty = all'),
    records_in: uint32('Records taken in'),
    records_out: uint32('Records handed on'),
    filtered: uint32('Records filtered by rule'),
    suspended: uint32('Records put in suspense'),
    duplicates: uint32('Records dropped as duplicates'),
    merged: uint32('Records merged into others'),
    seconds_out: float('Seconds handed on'),
    octets_out: float('Octets handed on'),
    charge_out: money('Charge handed on, in currency'),
    currency: code('Currency, ISO 4217'),
  },
  ['event_time', 'stage'],
);

export const changeEvent: Kind = kind(
  'change_event',
  'change_events',
  'Changes to network, systems and prices: the first suspects of an incident.',
  {
    event_time: instant('When the change took effect, UTC'),
    change_id: text('Change number'),
    change_kind: code('configuration, software, price, capacity, maintenance'),
    system: code('System or node changed'),
    scope: text('What it touches, as label=value pairs'),
    summary: text('What was changed'),
    actor: code('Who changed it'),
  },
  ['event_time', 'summary'],
);

export const complaint: Kind = kind(
  'complaint',
  'complaints',
  'Complaints of customers as the contact centre books them.',
  {
    event_time: instant('Received, UTC'),
    complaint_id: text('Complaint number'),
    subscription: hash('Pseudonym of the subscription'),
    topic: code('Topic: no_service, slow, bill, …'),
    service: code('Service complained of'),
    channel: code('Channel: call, chat, shop, …'),
    site: code('Site or area'),
    subscription_number: transient('Subscription, as the source states it'),
  },
  ['event_time'],
);

export const fieldVisit: Kind = kind(
  'field_visit',
  'field_visits',
  'Field visits: booked, arrived, done, missed.',
  {
    visit_id: text('Visit number'),
    subscription: hash('Pseudonym of the subscription'),
    team: code('Team'),
    area: code('Area'),
    booked_for: instant('Booked for, UTC'),
    arrived_at: instant('Arrived, UTC'),
    done_at: instant('Done, UTC'),
    outcome: code('done, missed, no_access, repeat'),
    reason: text('Reason of a miss'),
    subscription_number: transient('Subscription, as the source states it'),
  },
  ['visit_id', 'booked_for'],
);

export const exchangeRate: Kind = kind(
  'exchange_rate',
  'exchange_rates',
  'Exchange rates by day.',
  {
    day: instant('Day of the rate, UTC midnight'),
    from_currency: code('ISO 4217'),
    to_currency: code('ISO 4217'),
    rate: float('Units of to_currency for one unit of from_currency'),
    offset_days: int16('Days by which the rate lags its publication'),
    priority: int32('Higher wins where two rates hold'),
  },
  ['day', 'from_currency', 'to_currency', 'rate'],
);
