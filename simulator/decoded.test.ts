import { describe, expect, it } from 'vitest';
import { csvFormat } from '../ingest/decode/csv.ts';
import { jsonFormat } from '../ingest/decode/json.ts';
import { decodeAll } from '../ingest/decode/sink-for-tests.ts';
import { type SimulatedFile, textOf } from './file.ts';
import { day, hour, minute } from './instant.ts';
import { history } from './operate.ts';
import { startRun } from './run.ts';
import { truncatedFile } from './scenarios/files.ts';
import { suspenseBurst } from './scenarios/records.ts';
import { feedSettings } from './settings.ts';
import { createWorld } from './world.ts';

const world = createWorld({ subscribers: 300, eventsPerDay: 4000, pons: 1, ontsPerPon: 4 });
const from = Date.UTC(2026, 10, 18, 15);
const sources = feedSettings('in');

interface Decoded {
  readonly outcomes: Record<string, number>;
  readonly totals: { records: number; seconds: number; octets: number; charge: number };
  readonly declared: object;
}

/** Reads a file as the product would. */
function decoded(file: SimulatedFile, of = sources): Decoded {
  const mapping = of[file.feed]!.mapping!;
  const format = mapping.format === 'csv' ? csvFormat(mapping) : jsonFormat(mapping);
  const { noted, decoder } = decodeAll(format, [...textOf(file)].join(''), { fileName: file.name });
  const outcomes: Record<string, number> = {};
  const totals = { records: 0, seconds: 0, octets: 0, charge: 0 };
  for (const { outcome, reason, field, record } of noted) {
    const key = [outcome, reason, field].filter((part) => part !== '').join(' ');
    outcomes[key] = (outcomes[key] ?? 0) + 1;
    if (outcome !== 'accepted') continue;
    const number = (name: string): number => (record[name] as number | undefined) ?? 0;
    totals.records++;
    totals.seconds += number('duration_seconds');
    totals.octets += number('octets_up') + number('octets_down');
    totals.charge += number('charge') + number('wholesale_charge');
  }
  return { outcomes, totals: { ...totals, seconds: Math.round(totals.seconds * 1000) / 1000 }, declared: decoder.declared() };
}

describe('the files as the product reads them', () => {
  it('hold no record that is rejected, and their trailers agree', () => {
    let files = 0;
    for (const file of history(world, { from, to: from + day })) {
      const { outcomes, totals, declared } = decoded(file);
      expect(outcomes['accepted'] ?? 0, file.name).toBe(file.lines.length);
      expect(
        Object.keys(outcomes).filter((key) => key.startsWith('rejected')),
        file.name,
      ).toEqual([]);
      if (file.declared) expect(declared, file.name).toEqual({ sequence: file.sequence, ...totals });
      files++;
    }
    expect(files).toBeGreaterThan(40);
  });

  it('of a back office are read as well, each row', () => {
    const office = createWorld({ subscribers: 120, eventsPerDay: 1200, pons: 1, ontsPerPon: 4, backOffice: true, billingDays: 1 });
    const read = feedSettings('in', office);
    const at = from - 10 * hour;
    const seen = new Set<string>();
    for (const file of history(office, { from: at, to: at + 56 * hour })) {
      if (file.kind === 'measurement') continue;
      const { outcomes, totals, declared } = decoded(file, read);
      expect({ [file.feed]: outcomes['accepted'] ?? 0 }).toEqual({ [file.feed]: file.lines.length });
      if (file.declared) expect(declared, file.name).toEqual({ sequence: file.sequence, ...totals });
      seen.add(file.feed);
    }
    for (const feed of ['mediation', 'stage-counters', 'credits', 'invoices', 'invoice-lines', 'hlr-changes', 'ref-calendar'])
      expect(seen.has(feed), feed).toBe(true);
  });

  it.each([
    ['time', 'rejected bad_time start_time'],
    ['volume', 'rejected bad_number octets_down'],
  ] as const)('spoilt by %s hold the rejections that the truth counts', (spoiling, key) => {
    const scenario = suspenseBurst('pgw', from, from + hour, spoiling, 0.5);
    let count = 0;
    for (const file of startRun(world, { from, scenarios: [scenario] }).until(from + hour, 20 * minute, true)) {
      const { outcomes } = decoded(file);
      count += outcomes[key] ?? 0;
      expect(Object.keys(outcomes).filter((each) => each.startsWith('rejected') && each !== key)).toEqual([]);
    }
    expect(count).toBe(scenario.truth().records);
    expect(count).toBeGreaterThan(5);
  });

  it('cut short declare more than they hold', () => {
    const scenario = truncatedFile({ feed: 'rating', at: from + minute }, 0.3);
    const file = [...startRun(world, { from, scenarios: [scenario] }).until(from + hour, hour, true)].find(
      ({ feed }) => feed === 'rating',
    )!;
    const { totals, declared } = decoded(file);
    expect((declared as { records: number }).records - totals.records).toBe(scenario.truth().records);
  });
});
