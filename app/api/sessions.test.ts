import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessions, linkLifeMs, sessionLifeMs } from './sessions.ts';
import { createThrottle } from './throttle.ts';

const principal = { name: 'owner', role: 'owner', origin: 'cli' } as const;

describe('sessions', () => {
  it('hold no more than they may, and let the oldest go', () => {
    const sessions = createSessions({ now: () => 0 }, { sessions: 3, links: 2 });
    const ids = Array.from({ length: 5 }, () => sessions.open(principal));
    expect(ids.map((id) => sessions.find(id) !== undefined)).toEqual([false, false, true, true, true]);
    expect(sessions.size).toBe(3);
    const links = Array.from({ length: 3 }, () => sessions.mintLink(principal));
    expect(links.map((link) => sessions.redeem(link) !== undefined)).toEqual([false, true, true]);
  });

  it('come from the console, whatever minted the link', () => {
    const sessions = createSessions({ now: () => 0 });
    expect(sessions.find(sessions.redeem(sessions.mintLink(principal))!)?.origin).toBe('console');
  });

  it('never redeem a link twice, nor after its time, nor a session as a link', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ link: fc.nat(3), wait: fc.nat(linkLifeMs) }), { maxLength: 30 }), (steps) => {
        let now = 0;
        const sessions = createSessions({ now: () => now });
        const links = [0, 1, 2, 3].map(() => sessions.mintLink(principal));
        const used = new Set<number>();
        for (const { link, wait } of steps) {
          now += wait;
          const id = sessions.redeem(links[link]!);
          expect(id !== undefined).toBe(!used.has(link) && now < linkLifeMs);
          used.add(link);
          if (id === undefined) continue;
          expect(sessions.find(id)?.role).toBe('owner');
          expect(sessions.redeem(id)).toBeUndefined();
        }
        now += sessionLifeMs;
        expect(links.some((link) => sessions.redeem(link) !== undefined)).toBe(false);
      }),
    );
  });
});

describe('the throttle', () => {
  it('waits for the end of the minute, per address', () => {
    let now = 1000;
    const throttle = createThrottle({ now: () => now }, 2);
    throttle.failed('a');
    expect(throttle.wait('a')).toBe(0);
    throttle.failed('a');
    expect(throttle.wait('a')).toBe(60);
    expect(throttle.wait('b')).toBe(0);
    now += 59_500;
    expect(throttle.wait('a')).toBe(1);
    now += 500;
    expect(throttle.wait('a')).toBe(0);
    throttle.failed('a');
    expect(throttle.wait('a')).toBe(0);
  });

  it('knows who came in from where', () => {
    const throttle = createThrottle({ now: () => 0 });
    throttle.passed('a', 'grafana');
    expect(throttle.knows('a', 'grafana')).toBe(true);
    expect(throttle.knows('b', 'grafana')).toBe(false);
  });
});
