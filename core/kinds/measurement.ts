/** Measurement: one value of one metric of one device at one instant. */
import { type ColumnOf, code, float, instant, type Kind, labels, type RecordOf, text } from '../column.ts';

const columns = {
  metric: code('Name of the metric with its unit, e.g. rx_power_dbm, if_in_octets'),
  device: text('Device that was measured: ONT, CPE, OLT port, cell, interface'),
  event_time: instant('Instant of the measurement, UTC'),
  value: float('The value, in unit'),
  unit: code('Unit of the value: dBm, octets, percent, ms, seconds, count'),
  instrument: code('gauge (a level) or counter (grows until it wraps or restarts)'),
  node: code('Network element that reports the device'),
  site: code('Site of the device'),
  model: code('Model of the device'),
  firmware: code('Firmware of the device'),
  attributes: labels('Everything else the source said, by name'),
} satisfies Record<string, ColumnOf>;

export const measurement: Kind<typeof columns> = {
  name: 'measurement',
  table: 'measurements',
  comment: 'Device telemetry: one value of one metric of one device at one instant.',
  columns,
  required: ['metric', 'device', 'event_time'],
};

export type MeasurementRecord = RecordOf<typeof columns>;
