import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { incidentOf } from '../testing/finding.ts';
import { defaultMaxBytes, smallestMaxBytes, type WebhookBody, webhookBody } from './body.ts';

const read = (text: string): WebhookBody => JSON.parse(text) as WebhookBody;

describe('webhookBody', () => {
  it('carries the whole incident when it fits', () => {
    const incident = incidentOf();
    expect(read(webhookBody(incident))).toEqual({ type: 'incident.opened', timestamp: incident.updated_at, data: incident });
  });

  it('cuts what a receiver misses least and says so', () => {
    const entry = { at: '2026-01-01T00:00:00.000Z', type: 'updated', actor: 'weir', text: 'x'.repeat(3_000) };
    const incident: Incident = { ...incidentOf(), timeline: Array.from({ length: 100 }, () => entry) };
    const { data } = read(webhookBody(incident));
    expect(data.truncated).toEqual(['timeline']);
    expect(data.timeline).toHaveLength(10);
    expect(data.finding).toEqual(incident.finding);
  });

  it('keeps the limit, stays JSON and names the incident, whatever stands in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 1_000 });
    const fields = fc.record({
      title: text,
      summary: text,
      sql: text,
      actor: text,
      team: text,
      link: text,
      labels: fc.dictionary(text, text, { maxKeys: 5 }),
    });
    fc.assert(
      fc.property(
        fields,
        fc.integer({ min: smallestMaxBytes, max: defaultMaxBytes }),
        ({ title, summary, sql, actor, team, link, labels }, max) => {
          const base = incidentOf();
          const incident: Incident = {
            ...base,
            title,
            summary,
            team,
            links: { incident: link },
            finding: { ...base.finding, scope: labels, evidence: { sql, sample_record_ids: [] } },
            timeline: Array.from({ length: 30 }, () => ({ at: base.opened_at, type: 'updated', actor, text: summary })),
          };
          const body = webhookBody(incident, max);
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(max);
          expect(read(body).data).toMatchObject({ incident_id: base.incident_id, sequence: 1, state: 'open' });
          expect(webhookBody(incident, max)).toBe(body);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the smallest limit even when each character needs an escape', () => {
    const wild = '\u0001'.repeat(5_000);
    const incident: Incident = {
      ...incidentOf(),
      title: wild,
      summary: wild,
      team: wild,
      transition: wild,
      state: wild,
      category: wild,
      tenant: wild,
      incident_key: wild,
    };
    expect(Buffer.byteLength(webhookBody(incident, smallestMaxBytes))).toBeLessThanOrEqual(smallestMaxBytes);
  });
});
