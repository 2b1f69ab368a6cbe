/**
 * Plain JSON telemetry: `{"device", "metric", "value", "unit", "time"}`, or wide: `{"device", "time", "rx_power_dbm": -19.5, …}`, where
 * every other property is a metric of its own. A position is one value, counted through the file.
 */
import type { JsonObject } from './json-value.ts';
import type { Preset } from './preset.ts';
import { attributesOf, type Reading, scalar, section, telemetryFormat } from './telemetry.ts';
import { namesOf } from './weir-json.ts';

const deviceNames = ['device', 'device_id', 'deviceId', 'serial', 'ont', 'cpe', 'interface'];
const timeNames = ['time', 'timestamp', 'ts', 'event_time', '@timestamp'];
const facts = ['unit', 'instrument', 'node', 'site', 'model', 'firmware', 'attributes', 'tags'];
const narrow = new Set([...deviceNames, ...timeNames, ...facts, 'metric', 'value']);
const wide = new Set([...deviceNames, ...timeNames, ...facts]);

function readingsOf(value: JsonObject): readonly Reading[] {
  const timeName = timeNames.find((name) => Object.hasOwn(value, name)) ?? '';
  const own = { ...section(value, 'tags'), ...section(value, 'attributes') };
  const isNarrow = Object.hasOwn(value, 'metric') && Object.hasOwn(value, 'value');
  const common = {
    unit: scalar(value, 'unit'),
    instrument: scalar(value, 'instrument'),
    time: value[timeName],
    device: scalar(value, ...deviceNames),
    node: scalar(value, 'node'),
    site: scalar(value, 'site'),
    model: scalar(value, 'model'),
    firmware: scalar(value, 'firmware'),
    attributes: [...attributesOf(own, new Set()), ...(isNarrow ? attributesOf(value, narrow) : [])],
  };
  if (isNarrow) return [{ ...common, metric: scalar(value, 'metric'), value: value['value'] }];
  return Object.entries(value).flatMap(([metric, reading]) => (wide.has(metric) ? [] : [{ ...common, metric, value: reading }]));
}

export const telemetryJson: Preset = {
  name: 'json',
  title: 'Device telemetry, plain JSON',
  kind: 'measurement',
  positions: 'value of an object',
  drops: 'properties that are neither numbers nor known facts (`not_numeric`); true and false are 1 and 0',
  recognise: ({ lines }) => {
    const names = namesOf(lines[0] ?? '');
    const device = deviceNames.some((name) => names.includes(name));
    return device && timeNames.some((name) => names.includes(name)) ? (names.includes('metric') ? 0.9 : 0.7) : 0;
  },
  format: (options = {}) => telemetryFormat('json', options, readingsOf),
};
