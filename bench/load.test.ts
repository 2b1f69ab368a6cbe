import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { kindNamed } from '../core/kinds/index.ts';
import { Mapping } from '../core/settings/mapping.ts';
import { defaultLoad, loadHeader, loadMapping, loadPrefixes, loadTables, record, writeLoad } from './load.ts';

const sums = () => ({ rejected: 0, billableSeconds: 0, charge: 0 });
const lines = (count: number, first = 0): string[] => Array.from({ length: count }, (_, i) => record(first + i, defaultLoad, sums()));

describe('load', () => {
  it('is the same in any order and has the shape that the README states', () => {
    const backwards = Array.from({ length: 50 }, (_, i) => record(49 - i, defaultLoad, sums())).reverse();
    expect(lines(50)).toEqual(backwards);
    expect(record(0, defaultLoad, sums()).split(',').length).toBe(28);
    expect(loadHeader.split(',').length).toBe(28);
    const mean = lines(5000).reduce((total, line) => total + line.length + 1, 0) / 5000;
    expect(mean).toBeGreaterThan(300);
    expect(mean).toBeLessThan(345);
  });

  it('calls somebody new four times in five', () => {
    const called = lines(20_000).map((line) => line.split(',')[5]!.replace(/^(\+|011)/, ''));
    const counts = new Map<string, number>();
    for (const number of called) counts.set(number, (counts.get(number) ?? 0) + 1);
    const unseen = called.filter((number) => counts.get(number) === 1).length / called.length;
    expect(unseen).toBeGreaterThan(0.8);
  });

  it('writes what it says it wrote', () => {
    const directory = mkdtempSync(join(tmpdir(), 'load-'));
    try {
      const path = join(directory, 'load.csv');
      const fd = openSync(path, 'w');
      const facts = writeLoad(fd, 2500);
      closeSync(fd);
      const bytes = readFileSync(path);
      const rows = bytes.toString('latin1').split('\n');
      expect(bytes.length).toBe(facts.bytes);
      expect(rows.length).toBe(2502);
      const columns = rows[0]!.split(',');
      const at = (name: string): number => columns.indexOf(name);
      const readable = rows
        .slice(1, -1)
        .map((row) => row.split(','))
        .filter((row) => row.length === 28 && Number(row[at('Duration')]) >= 0 && !row[at('StartTime')]!.startsWith('2026-02-31'));
      expect(facts.rejected).toBe(2500 - readable.length);
      expect(facts.rejected).toBeGreaterThan(5);
      expect(readable.reduce((total, row) => total + Number(row[at('BillableDuration')]), 0)).toBe(facts.billableSeconds);
      expect(Math.round(readable.reduce((total, row) => total + Number(row[at('Charge')]), 0) * 1e6)).toBe(facts.charge);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('has 2,000 different prefixes, nested', () => {
    const prefixes = loadPrefixes();
    expect(new Set(prefixes).size).toBe(2000);
    expect(
      prefixes.some((prefix) => prefixes.some((other) => other.length > prefix.length && prefix.length > 2 && other.startsWith(prefix))),
    ).toBe(true);
  });

  it('maps to columns that exist, and its tables name columns of their kinds', () => {
    expect(Value.Check(Mapping, loadMapping)).toBe(true);
    for (const column of Object.keys(loadMapping.columns)) expect(Object.hasOwn(kindNamed('usage')!.columns, column), column).toBe(true);
    const tables = loadTables();
    expect(tables.map(({ kind }) => kind)).toEqual(['cell', 'partner', 'subscription', 'prefix_zone', 'cause_mapping']);
    for (const { kind, text } of tables) {
      for (const column of text.slice(0, text.indexOf('\n')).split(','))
        expect(Object.hasOwn(kindNamed(kind)!.columns, column), `${kind}.${column}`).toBe(true);
    }
    const cells = new Set(tables[0]!.text.split('\n').map((row) => row.split(',')[0]));
    for (const line of lines(500)) {
      const cell = line.split(',')[18];
      if (cell !== undefined) expect(cells.has(cell)).toBe(true);
    }
  });
});
