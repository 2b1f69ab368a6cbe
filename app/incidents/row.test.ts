import { describe, expect, it } from 'vitest';
import { incidentOf } from '../../incidents/testing/finding.ts';
import { decimalColumn, incidentRow } from './row.ts';

describe('incidentRow', () => {
  it('has what people filter by as columns and the whole incident as body', () => {
    const incident = incidentOf();
    const row = incidentRow(incident) as Record<string, unknown>;
    expect(row).toMatchObject({ severity: 3, money: '1200', currency: 'EUR', customers: 340, at: '2026-01-05 12:00:00.000' });
    expect(JSON.parse(row['body'] as string)).toEqual(incident);
  });

  it('bears figures that do not fit their columns', () => {
    expect(decimalColumn('12.3456789')).toBe('12.345678');
    expect(decimalColumn('1e99')).toBeNull();
    expect(decimalColumn(undefined)).toBeNull();
    expect(incidentRow(incidentOf({ customers: { count: Number.NaN, segments: {} } }))).toMatchObject({ customers: 0 });
  });
});
