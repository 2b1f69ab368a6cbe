/** Findings and incidents for tests. */
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { openIncident } from '../open.ts';
import { defaultIncidentSettings } from '../settings.ts';

/** Start of the time that tests live in, ms. */
export const testEpoch = Date.UTC(2026, 0, 5, 12);

/** An instant some minutes after the start of test time, ISO 8601. */
export function minute(minutes: number): string {
  return new Date(testEpoch + minutes * 60_000).toISOString();
}

/** A firing finding: a missing file worth 1,200 EUR and 340 customers. */
export function findingOf(changes: Partial<Finding> = {}): Finding {
  return {
    finding_key: 'gap-msc1',
    detector: 'S01',
    title: 'Files are missing from msc1',
    kind: 'revenue',
    tenant: 'demo',
    metric: 'file_sequence',
    scope: { source: 'msc1' },
    window: { from: minute(-60), to: minute(0) },
    detected_at: minute(0),
    began_at: minute(-30),
    observed: 41,
    expected: 43,
    lower: 43,
    upper: 43,
    unit: 'files',
    direction: 'down',
    score: 12,
    effect: -0.05,
    money: { amount: '1200', currency: 'EUR', class: 'leakage', method: 'median charge of a file' },
    customers: { count: 340, segments: { consumer: 300, business: 40 } },
    explanation: [{ dimensions: { node: 'msc1' }, share: 0.9, remaining: 0.1 }],
    change_suspects: [],
    evidence: { sql: 'SELECT 1', sample_record_ids: [] },
    data_quality: { completeness: 1, lag_s: 4 },
    summary: 'Files 42 and 43 of msc1 have not come.',
    state: 'firing',
    ...changes,
  };
}

/** A hash for tests: not one to rely on, but different texts of a test differ. */
export function hashOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    a = Math.imul(a ^ text.charCodeAt(index), 0x01000193) >>> 0;
    b = Math.imul(b ^ text.charCodeAt(index), 0x85ebca6b) >>> 0;
  }
  return (a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0')).repeat(2);
}

/** An incident that was just opened. */
export function incidentOf(changes: Partial<Finding> = {}): Incident {
  return openIncident(findingOf(changes), undefined, defaultIncidentSettings, { now: testEpoch, hash: hashOf });
}
