/** The feeds as sources of `weir.yaml`, so that demo, tests and benchmarks read them like anybody's files. */
import type { FileSourceSettings } from '../core/settings/index.ts';
import type { Mapping } from '../core/settings/mapping.ts';
import { feedsOf } from './feeds.ts';
import { homeCountry } from './numbers.ts';
import { tableShapes } from './office/index.ts';
import { referenceFeeds } from './reference.ts';
import type { World } from './world.ts';

/** Every column under its own name. */
const same = (columns: readonly string[]): Record<string, string> => Object.fromEntries(columns.map((column) => [column, column]));

/** `#header,sequence` first, `#trailer,records,seconds,octets,charge` last. The trailer's charge is the column `charge`, which not every leg has. */
function usageMapping(columns: readonly string[]): Mapping {
  return {
    format: 'csv',
    kind: 'usage',
    header: true,
    columns: same(columns),
    headerRecord: { prefix: '#header', sequence: 2 },
    trailerRecord: { prefix: '#trailer', records: 2, seconds: 3, octets: 4, charge: 5 },
  };
}

const jsonColumns = {
  'olt-telemetry': ['metric', 'device', 'event_time', 'value', 'unit', 'instrument', 'node', 'site', 'model', 'firmware'],
  'crm-lifecycle': [
    'step',
    'event_time',
    'order_id',
    'result',
    'error',
    'actor',
    'system',
    'plan',
    'segment',
    'duration_seconds',
    'subscription_number',
  ],
} as const;

const jsonKinds = { 'olt-telemetry': 'measurement', 'crm-lifecycle': 'lifecycle' } as const;

function source(directory: string, feed: string, mapping: Mapping, extension: string, numbered: boolean): FileSourceSettings {
  return {
    type: 'file',
    directory: `${directory}/${feed}`,
    pattern: `*.${extension}`,
    complete: 'rename',
    quietSeconds: 0,
    after: 'keep',
    country: homeCountry.iso,
    mapping,
    ...(numbered ? { sequence: { pattern: `${feed}_{sequence}_*.${extension}`, restartsAt: 0 } } : {}),
  };
}

/**
 * A source for each feed, by name; write files under another name first and rename them.
 * @param directory holds one folder per feed.
 * @param world whose feeds are meant. Default: an operator without back office.
 * @example feedSettings('in')['msc-1']?.directory // 'in/msc-1'
 */
export function feedSettings(
  directory: string,
  world: Pick<World, 'backOffice'> = { backOffice: false },
): Record<string, FileSourceSettings> {
  const settings: Record<string, FileSourceSettings> = {};
  for (const { feed, kind, columns } of referenceFeeds(world)) {
    settings[feed] = source(directory, feed, { format: 'csv', kind, header: true, columns: same(columns) }, 'csv', false);
  }
  for (const { feed, columns } of feedsOf(world)) settings[feed] = source(directory, feed, usageMapping(columns), 'csv', true);
  for (const { feed, kind, columns } of tableShapes(world)) {
    settings[feed] = source(directory, feed, { format: 'csv', kind, header: true, columns: same(columns) }, 'csv', true);
  }
  for (const feed of ['olt-telemetry', 'crm-lifecycle'] as const) {
    const mapping: Mapping = { format: 'json', kind: jsonKinds[feed], layout: 'lines', columns: same(jsonColumns[feed]) };
    settings[feed] = source(directory, feed, mapping, 'jsonl', true);
  }
  return settings;
}
