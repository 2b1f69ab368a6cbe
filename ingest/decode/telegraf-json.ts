/**
 * Telegraf's JSON: `{"name", "tags", "fields", "timestamp"}`, one per line or `{"metrics": […]}`. Each field gives one
 * measurement under the metric `name_field`; a position is one field of one metric, counted through the file.
 */
import type { JsonObject } from './json-value.ts';
import type { Preset } from './preset.ts';
import { attributesOf, type Reading, scalar, section, telemetryFormat } from './telemetry.ts';

const deviceTags = ['device', 'device_id', 'serial', 'ont', 'cpe', 'agent_host', 'source', 'host'];
const used = new Set([...deviceTags, 'node', 'site', 'model', 'firmware']);

function readingsOf(metric: JsonObject): readonly Reading[] {
  const tags = section(metric, 'tags');
  const name = scalar(metric, 'name');
  const deviceTag = deviceTags.find((tag) => scalar(tags, tag) !== '') ?? '';
  const common = {
    unit: '',
    instrument: '',
    time: metric['timestamp'],
    device: scalar(tags, deviceTag),
    node: scalar(tags, 'node') || (deviceTag === 'host' ? '' : scalar(tags, 'host')),
    site: scalar(tags, 'site'),
    model: scalar(tags, 'model'),
    firmware: scalar(tags, 'firmware'),
    attributes: attributesOf(tags, used),
  };
  return Object.entries(section(metric, 'fields')).map(([field, value]) => ({
    ...common,
    value,
    metric: field === 'value' ? name : `${name}_${field}`,
  }));
}

export const telegrafJson: Preset = {
  name: 'telegraf-json',
  title: 'Device telemetry, JSON of Telegraf',
  kind: 'measurement',
  positions: 'field of a metric',
  drops: 'fields that are texts (`not_numeric`); true and false are 1 and 0',
  recognise: ({ text }) =>
    text.includes('"fields"') && text.includes('"tags"') && text.includes('"name"') && text.includes('"timestamp"') ? 0.97 : 0,
  format: (options = {}) =>
    telemetryFormat('telegraf-json', options, (value) => {
      const metrics = value['metrics'];
      if (!Array.isArray(metrics)) return readingsOf(value);
      return metrics.flatMap((metric: unknown) => (typeof metric === 'object' && metric !== null ? readingsOf(metric as JsonObject) : []));
    }),
};
