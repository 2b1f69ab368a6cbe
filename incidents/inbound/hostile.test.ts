import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepest, objectIn, textOf } from './json.ts';
import { readBody } from './read.ts';
import { jiraBody, pagerDutyBody, serviceNowBody, tmf621Body } from './testing/bodies.ts';
import { connectorTypes } from './verify.ts';

const context = { statuses: {}, own: new Set<string>(), receivedAt: Date.UTC(2026, 0, 5, 13), fallbackId: 'f' };

describe('bodies from outside', () => {
  it('never throw, whatever they are', () => {
    const bodies = [pagerDutyBody('incident.resolved'), serviceNowBody(), jiraBody('Done', 'done'), tmf621Body('closed')].map((body) =>
      JSON.stringify(body),
    );
    /** A part of a genuine body in place of which something else stands. */
    const bent = fc.tuple(fc.constantFrom(...bodies), fc.nat(400), fc.jsonValue({ maxDepth: 3 })).map(([body, at, value]) => {
      let seen = 0;
      return JSON.stringify(JSON.parse(body, (_key, one: unknown) => (seen++ === at % 40 ? value : one)));
    });
    fc.assert(
      fc.property(fc.constantFrom(...connectorTypes), fc.oneof(fc.string(), fc.json(), bent), (type, body) => {
        const read = readBody(type, body, context);
        if (!('event' in read)) return;
        expect(read.event.external_id).not.toBe('');
        expect(read.event.at).toBeLessThanOrEqual(context.receivedAt);
        for (const text of [read.event.note, read.event.reason, read.event.actor]) expect((text ?? '').length).toBeLessThanOrEqual(4_000);
      }),
      { numRuns: 400 },
    );
  });

  it('are not read when they are nested too deep, and brackets within texts do not count', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    expect(objectIn(nested(deepest))).toBeDefined();
    expect(objectIn(nested(deepest + 1))).toBeUndefined();
    expect(objectIn('['.repeat(200_000))).toBeUndefined();
    expect(objectIn(JSON.stringify({ a: '[{\\"'.repeat(100) }))).toBeDefined();
  });

  it('leave no control characters in texts', () => {
    expect(textOf('a\u0000\u001b[31mb\nc')).toBe('a  [31mb\nc');
  });
});
