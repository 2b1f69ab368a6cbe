import Value from 'typebox/value';
import { expect, it } from 'vitest';
import { kindNamed } from '../core/kinds/index.ts';
import { Settings } from '../core/settings/index.ts';
import { Mapping } from '../core/settings/mapping.ts';
import { history } from './operate.ts';
import { feedSettings } from './settings.ts';
import { createWorld } from './world.ts';

const sources = feedSettings('in');

it.each([false, true])('every mapping is a valid setting and fills columns that exist (back office: %s)', (backOffice) => {
  const sources = feedSettings('in', { backOffice });
  expect(sources['msc-1']?.directory).toBe('in/msc-1');
  for (const [name, source] of Object.entries(sources)) {
    expect(Value.Check(Mapping, source.mapping), name).toBe(true);
    const kind = kindNamed(source.mapping!.kind);
    expect(kind, name).toBeDefined();
    for (const column of Object.keys(source.mapping!.columns)) expect(Object.hasOwn(kind!.columns, column), `${name}.${column}`).toBe(true);
    for (const column of kind!.required) expect(Object.hasOwn(source.mapping!.columns, column), `${name} lacks ${column}`).toBe(true);
  }
  expect(Value.Check(Settings.properties.sources, sources)).toBe(true);
});

it('every file that comes has a source that brings its columns', () => {
  const world = createWorld({ subscribers: 60, eventsPerDay: 900, pons: 1, ontsPerPon: 2 });
  const from = Date.UTC(2026, 10, 18);
  const seen = new Set<string>();
  for (const file of history(world, { from, to: from + 86_400_000 })) {
    seen.add(file.feed);
    const { mapping } = sources[file.feed]!;
    expect(mapping!.kind).toBe(file.kind);
    const columns = mapping!.format === 'csv' ? file.head.at(-1)!.split(',') : Object.keys(JSON.parse(file.lines[0]!) as object);
    expect([...columns].sort(), file.feed).toEqual(Object.keys(mapping!.columns).sort());
  }
  expect([...seen].sort()).toEqual(Object.keys(sources).sort());
});
